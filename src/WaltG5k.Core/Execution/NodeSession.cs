using System.Text;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>
/// A shell on a node, kept open: one ssh client whose input takes commands and whose outputs give their results, one at a time. A command over an
/// open session starts no process on this machine.
/// </summary>
sealed class NodeSession : IAsyncDisposable
{
    /// <summary>After an order to stop; the watchdog kills after half a second what does not obey.</summary>
    static readonly TimeSpan s_untilAbandoned = TimeSpan.FromMilliseconds(650);

    readonly IRunningProgram _program;
    readonly TimeProvider _time;
    readonly string _word = Guid.NewGuid().ToString("N");
    readonly MarkedOutput _output, _error;
    readonly Task _ended;
    bool _hasRun, _isAbandoned;

    NodeSession(IRunningProgram program, TimeProvider time)
    {
        (_program, _time) = (program, time);
        (_output, _error) = (new MarkedOutput(_word), new MarkedOutput(_word));
        _ended = Task.WhenAll(PumpAsync(program.Output, _output), PumpAsync(program.Error, _error));
    }

    /// <summary>Whether another command can be given to it.</summary>
    public bool IsUsable => !_isAbandoned && !_ended.IsCompleted;

    public DateTimeOffset LastUse { get; private set; }

    /// <summary>Null where the gate's runner cannot hold a program open.</summary>
    public static async Task<NodeSession?> StartAsync(NodeGate gate, NodeJob job, TimeProvider time, CancellationToken cancellationToken)
    {
        CommandRequest request = SshOptions.Request(gate, job.Target, job.Options, "exec /bin/sh") with { Effect = job.Effect };
        return await gate.Runner.StartAsync(request, cancellationToken).ConfigureAwait(false) is { } program ? new NodeSession(program, time) : null;
    }

    /// <summary>Runs one command. Being cancelled is an outcome too: the command has then been ended, or its session has been given up.</summary>
    public async Task<NodeAttempt> RunAsync(NodeJob job, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        bool isWarm = _hasRun;
        string text = (isWarm ? "" : NodeShellScript.Define(_word)) + NodeShellScript.Command(job.Script, job.Input, isFirst: !isWarm);
        _hasRun = true;
        _output.Expect(job.Options.OutputLimit);
        _error.Expect(job.Options.OutputLimit);
        Task begun = Task.WhenAny(_output.Began, _ended);
        // A node that does not read yet must not hold us up here: its answer is waited for below.
        _ = SendAsync(text);
        NodeAttempt? failed = await WaitToBeginAsync(begun, job, cancellationToken).ConfigureAwait(false);
        TimeSpan connectTime = _time.GetElapsedTime(start);
        if (failed is not null) return failed with { ConnectTime = connectTime, IsWarm = isWarm };

        job.Began?.Invoke();
        start = _time.GetTimestamp();
        NodeAttempt attempt = await WaitToEndAsync(job, cancellationToken).ConfigureAwait(false);
        LastUse = _time.GetUtcNow();
        return attempt with
        {
            HasBegun = true,
            IsWarm = isWarm,
            ConnectTime = connectTime,
            RunTime = _time.GetElapsedTime(start),
            Output = _output.Text,
            Error = _error.Text,
            DroppedBytes = _output.Dropped + _error.Dropped,
        };
    }

    /// <summary>Ends the session; a command that still runs is ended by its watchdog.</summary>
    public ValueTask DisposeAsync()
    {
        _isAbandoned = true;
        return _program.DisposeAsync();
    }

    async Task<NodeAttempt?> WaitToBeginAsync(Task begun, NodeJob job, CancellationToken cancellationToken)
    {
        try
        {
            await begun.WaitAsync(job.Options.ConnectTimeout + TimeSpan.FromSeconds(1), _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _isAbandoned = true;
            return e is TimeoutException ? NodeAttempt.Without(NodeFailure.NoAnswer(job.Options.ConnectTimeout, job.Target))
                : new NodeAttempt(NodeCommandState.Cancelled);
        }
        if (_output.Began.IsCompleted) return null;
        int status = await _program.Completion.ConfigureAwait(false);
        return NodeAttempt.Without(NodeFailure.Read(_error.Noise, status, job.Target));
    }

    async Task<NodeAttempt> WaitToEndAsync(NodeJob job, CancellationToken cancellationToken)
    {
        Task finished = Task.WhenAll(_output.Finished, _error.Finished);
        try
        {
            await Task.WhenAny(finished, _ended).WaitAsync(job.Options.Timeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            await StopAsync(finished).ConfigureAwait(false);
            return new NodeAttempt(e is TimeoutException ? NodeCommandState.TimedOut : NodeCommandState.Cancelled);
        }
        // The connection may end together with the command: what was told before that counts, also where the waiter above has not heard of it yet.
        return _output.Finished.IsCompleted && _error.Finished.IsCompleted
            ? NodeAttempt.Ended(await _output.Finished.ConfigureAwait(false))
            : NodeAttempt.Without(NodeFailure.Lost(job.Target));
    }

    /// <summary>Ends the running command, and gives the session up where that does not work at once.</summary>
    async Task StopAsync(Task finished)
    {
        await SendAsync(NodeShellScript.Stop).ConfigureAwait(false);
        await Task.WhenAny(finished, _ended, Task.Delay(s_untilAbandoned, _time, CancellationToken.None)).ConfigureAwait(false);
        if (!finished.IsCompleted) _isAbandoned = true;
    }

    async Task SendAsync(string text)
    {
        try
        {
            await _program.Input.WriteAsync(Encoding.UTF8.GetBytes(text)).ConfigureAwait(false);
            await _program.Input.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It is gone: its outputs end, and tell why.
        }
    }

    static async Task PumpAsync(Stream stream, MarkedOutput output)
    {
        byte[] buffer = new byte[4096];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0) output.Feed(buffer.AsSpan(0, count));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // As good as its end.
        }
    }
}
