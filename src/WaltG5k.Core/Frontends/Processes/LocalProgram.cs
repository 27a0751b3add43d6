using System.Diagnostics;

namespace WaltG5k.Core.Frontends.Processes;

/// <summary>A process of this machine that is talked to while it runs.</summary>
sealed class LocalProgram : IRunningProgram
{
    /// <summary>From the end of its input to its own.</summary>
    static readonly TimeSpan s_untilKill = TimeSpan.FromMilliseconds(800);

    readonly Process _process;
    readonly int _id;
    readonly TimeProvider _time;

    public LocalProgram(string frontend, CommandRequest request, TimeProvider time)
    {
        _process = ProcessStart.Open(frontend, request, request.Arguments);
        _id = _process.Id;
        _time = time;
        Completion = WaitAsync();
    }

    public Stream Input => _process.StandardInput.BaseStream;
    public Stream Output => _process.StandardOutput.BaseStream;
    public Stream Error => _process.StandardError.BaseStream;
    public Task<int> Completion { get; }

    public void Kill()
    {
        if (!Completion.IsCompleted) Signals.Send(_id, Signals.Kill);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It is gone already.
        }
        await Task.WhenAny(Completion, Task.Delay(s_untilKill, _time, CancellationToken.None)).ConfigureAwait(false);
        Kill();
        await Completion.ConfigureAwait(false);
        _process.Dispose();
    }

    async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return _process.ExitCode;
    }
}
