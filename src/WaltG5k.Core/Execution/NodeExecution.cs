using System.Threading.Channels;

namespace WaltG5k.Core.Execution;

/// <summary>One command on its way to all its targets.</summary>
sealed class NodeExecution : IAsyncDisposable
{
    /// <summary>Attempts beyond those asked for while a gateway drops connections.</summary>
    const int BusyRetries = 6;

    static readonly TimeSpan s_betweenReports = TimeSpan.FromMilliseconds(200), s_firstPause = TimeSpan.FromMilliseconds(300),
        s_longestPause = TimeSpan.FromSeconds(5);

    readonly INodeTransport _transport;
    readonly IGroupTransport? _group;
    readonly NodeCommand _command;
    readonly NodeExecutionOptions _options;
    readonly TimeProvider _time;
    readonly Action<NodeProgress>? _onProgress;
    readonly IReadOnlyList<NodeTarget> _targets;
    readonly AdaptiveLimiter _limiter;
    readonly CancellationTokenSource _timeLimit, _stop;
    readonly CancellationToken _cancelled;
    readonly Channel<NodeCommandResult> _results = Channel.CreateUnbounded<NodeCommandResult>(new UnboundedChannelOptions { SingleReader = true });
    readonly Lock _lock = new();
    readonly HashSet<string> _running = new(StringComparer.Ordinal);
    readonly Task _completion;
    long? _lastReport;
    int _done, _failed;

    /// <param name="group">Makes the first attempt at those that it carries, all at once.</param>
    public NodeExecution(INodeTransport transport, IReadOnlyList<NodeTarget> targets, NodeCommand command, NodeExecutionOptions options,
        TimeProvider time,
        Action<NodeProgress>? onProgress, CancellationToken cancellationToken, IGroupTransport? group = null)
    {
        _group = group;
        (_transport, _command, _options, _time, _onProgress, _cancelled) = (transport, command, options, time, onProgress, cancellationToken);
        _targets = options.SpreadsOverSites ? Spread(targets) : targets;
        _limiter = new AdaptiveLimiter(options.ThrottleLimit, time);
        _timeLimit = new CancellationTokenSource(options.TotalTimeout, time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _timeLimit.Token);
        _completion = RunAsync();
    }

    /// <summary>One result per target, as they come; complete also when everything was cancelled.</summary>
    public IAsyncEnumerable<NodeCommandResult> Results => _results.Reader.ReadAllAsync(CancellationToken.None);

    /// <summary>Ends what still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _completion.ConfigureAwait(false);
        _stop.Dispose();
        _timeLimit.Dispose();
    }

    async Task RunAsync()
    {
        var started = new List<Task>(_targets.Count);
        try
        {
            started.AddRange(Enumerable.Range(0, _targets.Count).Where(IsCarried).Select(RunTargetAsync));
            int[] direct = [.. Enumerable.Range(0, _targets.Count).Where(i => !IsCarried(i))];
            for (int next = 0; next < direct.Length; next++)
            {
                await _limiter.EnterAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_stop.IsCancellationRequested || HasFailedTooOften)
                {
                    Skip(direct[next..]);
                    break;
                }
                started.Add(RunTargetAsync(direct[next]));
            }
            await Task.WhenAll(started).ConfigureAwait(false);
            _timeLimit.CancelAfter(Timeout.InfiniteTimeSpan); // the caller may take its time with the results
            _results.Writer.Complete();
        }
        catch (Exception e)
        {
            _results.Writer.Complete(e);
        }
    }

    bool HasFailedTooOften => Volatile.Read(ref _failed) >= _options.StopAfterFailures;

    bool IsCarried(int index) => _group?.Carries(_targets[index]) == true;

    async Task RunTargetAsync(int index)
    {
        NodeTarget target = _targets[index];
        string script = _command.GetScript(target, index, _targets.Count);
        string? input = _command.GetInput(target, index, _targets.Count);
        lock (_lock) _running.Add(target.Name);
        for (int attempts = 1; ; attempts++)
        {
            var job = new NodeJob(target, script, input, _options, _command.Effect);
            NodeAttempt attempt = attempts == 1 && IsCarried(index)
                ? await _group!.RunAsync(job, _stop.Token).ConfigureAwait(false)
                : await RunDirectlyAsync(job).ConfigureAwait(false);
            if (!MayRetry(attempt, attempts))
            {
                Finish(Explain(target, attempt, attempts));
                return;
            }
            await Task.Delay(GetPause(attempts, index), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _limiter.EnterAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_stop.IsCancellationRequested) continue;
            Finish(Explain(target, attempt, attempts));
            return;
        }
    }

    /// <summary>In a slot that its caller has entered.</summary>
    async Task<NodeAttempt> RunDirectlyAsync(NodeJob job)
    {
        using var slot = new LimiterSlot(_limiter, _time);
        NodeAttempt attempt = await _transport.RunAsync(job with { Began = slot.Keep }, _stop.Token).ConfigureAwait(false);
        Learn(attempt);
        return attempt;
    }

    void Learn(NodeAttempt attempt)
    {
        if (attempt.Failure is null) _limiter.Succeeded();
        else if (attempt is { HasBegun: false, Failure.Retry: RetryAdvice.BackOff }) _limiter.GatewayBusy();
    }

    bool MayRetry(NodeAttempt attempt, int attempts) =>
        attempt is { Failure: { } failure, HasBegun: false } && !_stop.IsCancellationRequested && failure.Retry switch
    {
        RetryAdvice.Useless => false,
        RetryAdvice.Directly => attempts == 1,
        RetryAdvice.Possible => attempts <= _options.ConnectRetries,
        _ => attempts <= Math.Max(_options.ConnectRetries, BusyRetries),
    };

    /// <summary>Doubles with each attempt, and differs between targets so that they do not come back all at once.</summary>
    static TimeSpan GetPause(int attempts, int index)
    {
        TimeSpan pause = s_firstPause * Math.Pow(2, attempts - 1);
        double share = 0.5 + index * 0.6180339887 % 1;
        return (pause < s_longestPause ? pause : s_longestPause) * share;
    }

    NodeCommandResult Explain(NodeTarget target, NodeAttempt attempt, int attempts)
    {
        NodeCommandResult result = NodeResults.From(target, attempt, attempts, _options);
        return result.State == NodeCommandState.Cancelled && IsOutOfTime
            ? result with { State = NodeCommandState.TimedOut, Reason = "the time for all targets was over and it was ended",
            Recommendation = "Give it more time: -TotalTimeout" }
            : result;
    }

    bool IsOutOfTime => _timeLimit.IsCancellationRequested && !_cancelled.IsCancellationRequested;

    void Skip(int[] indices)
    {
        (string why, string advice) = IsOutOfTime ? ("the time for all targets was over before it was started", "Give it more time: -TotalTimeout")
            : _stop.IsCancellationRequested ? ("everything was cancelled before it was started", "Run it again on these targets")
            : ("too many other targets had failed", "Look at these first, then run it again on the others");
        foreach (int index in indices) Finish(NodeResults.Skipped(_targets[index], why, advice));
    }

    void Finish(NodeCommandResult result)
    {
        NodeProgress? progress = null;
        lock (_lock)
        {
            _running.Remove(result.Name);
            _done++;
            if (!result.IsSuccess) _failed++;
            bool isDue = _done == _targets.Count || _lastReport is not long last || _time.GetElapsedTime(last) >= s_betweenReports;
            if (_onProgress is not null && isDue)
            {
                _lastReport = _time.GetTimestamp();
                progress = new NodeProgress(_targets.Count, _done, _failed, [.. _running]);
            }
        }
        _results.Writer.TryWrite(result);
        if (progress is not null) _onProgress!(progress);
    }

    /// <summary>The sites in turn, each in its order.</summary>
    static IReadOnlyList<NodeTarget> Spread(IReadOnlyList<NodeTarget> targets) =>
        targets.Select(t => t.Site).Distinct(StringComparer.Ordinal).Count() < 2
        ? targets
        : [.. targets.GroupBy(t => t.Site, StringComparer.Ordinal).SelectMany(g => g.Select((target, turn) => (target, turn))).OrderBy(t => t.turn)
        .Select(t => t.target)];
}
