using System.Diagnostics;

namespace WaltG5k.Base;

/// <summary>
/// What a cmdlet made and has to undo when its pipeline is stopped (Ctrl-C) while it still runs, downstream waits included. The end of the
/// pipeline, a downstream error and <c>Select-Object -First 1</c> give it to the user.
/// </summary>
internal sealed class Ownership(G5kSession session)
{
    static readonly TimeSpan s_promptGrace = TimeSpan.FromMilliseconds(900);
    readonly Lock _lock = new();
    readonly List<Func<Task>> _releases = [];
    Task? _release;
    long _stoppedAt;
    bool _isSettled;

    /// <summary>Takes charge of something. When the pipeline has been stopped already it is released at once.</summary>
    public void Own(Func<Task> release)
    {
        lock (_lock)
        {
            if (_isSettled) return;
            _releases.Add(release);
            if (_release is null) return;
            _release = Task.WhenAll(_release, Task.Run(release));
            session.Track(_release);
        }
    }

    /// <summary>The pipeline was stopped: begins to release everything, in the background of the session.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_isSettled || _release is not null) return;
            _stoppedAt = Stopwatch.GetTimestamp();
            _release = Task.WhenAll(_releases.Select(Task.Run));
            session.Track(_release);
        }
    }

    /// <summary>The pipeline is over. After a stop it gives the release what is left of a second before the prompt comes back.</summary>
    public void Settle()
    {
        Task? release;
        lock (_lock)
        {
            _isSettled = true;
            release = _release;
        }
        TimeSpan left = s_promptGrace - Stopwatch.GetElapsedTime(_stoppedAt);
        if (release is null || left <= TimeSpan.Zero) return;
        try { release.Wait(left); }
        catch (AggregateException) { /* what could not be released stays in the journal, and Get-G5kReservation shows it */ }
    }
}
