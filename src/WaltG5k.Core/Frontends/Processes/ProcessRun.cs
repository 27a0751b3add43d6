using System.ComponentModel;
using System.Diagnostics;

namespace WaltG5k.Core.Frontends.Processes;

/// <summary>How a process is asked to end.</summary>
enum Interruption
{
    /// <summary>SIGINT to its group, as Ctrl-C would.</summary>
    Signal,
    /// <summary>The character of Ctrl-C on its input: it stands for a terminal.</summary>
    ControlC,
    /// <summary>The end of its input, which the far end watches.</summary>
    EndOfInput,
}

/// <summary>
/// One process of this machine, in a session of its own so that Ctrl-C in the terminal reaches us first. Being cancelled or out of time it is
/// interrupted so that it can clean up, terminated after half a second and killed after two; the caller does not wait for more than a second.
/// </summary>
sealed class ProcessRun(string frontend, CommandRequest request, TimeProvider time)
{
    static readonly TimeSpan s_untilTerminate = TimeSpan.FromMilliseconds(500), s_untilKill = TimeSpan.FromSeconds(2);
    static readonly TimeSpan s_callerWaits = TimeSpan.FromMilliseconds(900);
    static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);
    /// <summary>A child that went to the background may keep the pipes open for ever: that long nothing comes before they are left alone.</summary>
    static readonly TimeSpan s_pipesAfterExit = TimeSpan.FromSeconds(1);

    /// <summary>The process, when it is not the request's own program.</summary>
    public IReadOnlyList<string> Words { get; init; } = request.Arguments;
    /// <summary>What is sent to it, when that is not the request's own input.</summary>
    public string? Input { get; init; } = request.Input;
    public ILineFilter? Filter { get; init; }
    public Interruption Interruption { get; init; }
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public async Task<CommandResult> RunAsync(Action<OutputLine>? onLine, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = time.GetTimestamp();
        var output = new OutputCollector(onLine, Filter);
        Process process = Start();
        int id = process.Id;
        Task<int> exit = WaitForExitAsync(process);
        Task pipes = Task.WhenAll(output.ReadOutputAsync(process.StandardOutput), output.ReadErrorAsync(process.StandardError));
        Task input = WriteInputAsync(process);
        _ = Task.WhenAll(exit, pipes, input).ContinueWith(_ => process.Dispose(), CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);

        using var timeout = new CancellationTokenSource(request.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
        Task first = await Task.WhenAny(exit, stopped, output.ListenerFailed).ConfigureAwait(false);
        if (first != exit)
        {
            await Task.WhenAny(StopAsync(process, id, exit), Task.Delay(s_callerWaits, time, CancellationToken.None)).ConfigureAwait(false);
            if (output.ListenerFailed.IsFaulted) await output.ListenerFailed.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw TimedOut(output.ToResult(frontend, request, -1, time.GetElapsedTime(start)));
        }
        await stop.CancelAsync().ConfigureAwait(false);
        await WaitForPipesAsync(pipes, output).ConfigureAwait(false);
        if (output.ListenerFailed.IsFaulted) await output.ListenerFailed.ConfigureAwait(false);
        return output.ToResult(frontend, request, await exit.ConfigureAwait(false), time.GetElapsedTime(start));
    }

    /// <summary>What is still in the pipes when the process has ended is read, however slow the listener is.</summary>
    async Task WaitForPipesAsync(Task pipes, OutputCollector output)
    {
        long before;
        do
        {
            before = output.Received;
            await Task.WhenAny(pipes, Task.Delay(s_pipesAfterExit, time, CancellationToken.None)).ConfigureAwait(false);
        }
        while (!pipes.IsCompleted && output.Received != before);
    }

    static async Task<int> WaitForExitAsync(Process process)
    {
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }

    Process Start() => ProcessStart.Open(frontend, request, Words, Environment);

    async Task WriteInputAsync(Process process)
    {
        try
        {
            if (Input is { Length: > 0 } text) await process.StandardInput.WriteAsync(text).ConfigureAwait(false);
            await process.StandardInput.FlushAsync().ConfigureAwait(false);
            if (Interruption == Interruption.Signal) process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program did not want to read it all: its exit status says whether that was wrong.
        }
    }

    /// <summary>Ends the process and its group, also when the process is gone and children of it are not.</summary>
    async Task StopAsync(Process process, int id, Task exit)
    {
        Interrupt(process, id);
        if (await IsGoneAsync(id, exit, s_untilTerminate).ConfigureAwait(false)) return;
        Signals.Send(id, Signals.Terminate);
        if (await IsGoneAsync(id, exit, s_untilKill - s_untilTerminate).ConfigureAwait(false)) return;
        if (!exit.IsCompleted) KillTree(process);
        Signals.Send(id, Signals.Kill);
    }

    void Interrupt(Process process, int id)
    {
        try
        {
            if (Interruption == Interruption.EndOfInput)
            {
                process.StandardInput.Close();
                return;
            }
            if (Interruption == Interruption.ControlC)
            {
                process.StandardInput.Write('\u0003');
                process.StandardInput.Flush();
                return;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // Its input is closed or being written: the signal has to do.
        }
        Signals.Send(id, Signals.Interrupt);
    }

    async Task<bool> IsGoneAsync(int id, Task exit, TimeSpan limit)
    {
        long start = time.GetTimestamp();
        while (!exit.IsCompleted || Signals.GroupExists(id))
        {
            if (time.GetElapsedTime(start) >= limit) return false;
            await Task.Delay(s_poll, time, CancellationToken.None).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>What runs on a pseudo-terminal is in another session than the program that made it.</summary>
    static void KillTree(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended in the meantime.
        }
    }

    G5kException TimedOut(CommandResult soFar) => new("CommandTimeout", ErrorKind.OperationTimeout,
        $"'{request.Program}' on {frontend} has not ended within {request.Timeout.TotalSeconds:0.#} s. {soFar.LastLines()}".TrimEnd(),
        request.Program,
        $"Try it on {frontend}: {request}");
}
