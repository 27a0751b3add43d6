namespace WaltG5k.Core.Oar;

/// <summary>
/// How long to wait before a job is looked at again. Pauses grow while nothing is expected, up to a length that the server does not notice, and are
/// short near a date that OAR or the walltime names. REST costs the server a tenth of a command.
/// </summary>
sealed class OarPollPace(TimeProvider time)
{
    const double Growth = 1.3;
    static readonly TimeSpan s_near = TimeSpan.FromMinutes(1);
    /// <summary>The time in which most jobs that can start at once have started.</summary>
    static readonly TimeSpan s_firstPeriod = TimeSpan.FromSeconds(40);

    readonly long _start = time.GetTimestamp();
    TimeSpan _pause;

    /// <param name="job">As last seen; null when it has not been seen yet.</param>
    public TimeSpan Next(OarJob? job, bool byRest)
    {
        (TimeSpan shortest, TimeSpan longest) = byRest
            ? (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5))
            : (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15));
        if (job is null || time.GetElapsedTime(_start) < s_firstPeriod || IsPassing(job.State)) return _pause = shortest;
        TimeSpan grown = _pause < shortest ? shortest : _pause * Growth;
        if (grown > longest) grown = longest;
        if (ExpectedDate(job) is { } date && date - time.GetUtcNow() is var left && left > -s_near)
        {
            if (left < s_near) return _pause = shortest;
            if (left < grown) grown = left; // not past it
        }
        return _pause = grown;
    }

    /// <summary>States that last seconds.</summary>
    static bool IsPassing(OarJobState state) =>
        state is OarJobState.ToLaunch or OarJobState.Launching or OarJobState.ToAckReservation or OarJobState.ToError or OarJobState.Resuming or OarJobState.Finishing;

    static DateTimeOffset? ExpectedDate(OarJob job) => job.PredictedStart ?? (job.State == OarJobState.Running ? job.EndsAt : null);
}
