using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>One TakTuk on one front-end, for all targets of a site that share login and port.</summary>
sealed class TakTukRun
{
    readonly IFrontend _frontend;
    readonly TimeProvider _time;
    readonly TakTukTarget[] _targets;
    readonly Dictionary<NodeTarget, TakTukTarget> _byTarget;
    readonly string _word = Guid.NewGuid().ToString("N");
    readonly long _start;
    readonly Task _completion;

    /// <param name="job">For any of the targets: what it says but for its target holds for all.</param>
    public TakTukRun(IFrontend frontend, IReadOnlyList<NodeTarget> targets, NodeJob job, TimeProvider time, CancellationToken cancellationToken)
    {
        (_frontend, _time, _start) = (frontend, time, time.GetTimestamp());
        _targets = [.. targets.Select(t => new TakTukTarget(t, _word, job.Options.OutputLimit))];
        _byTarget = _targets.ToDictionary(t => t.Target);
        _completion = RunAsync(TakTukCommand.Create(frontend.Gate.SshOnFrontend, targets, job, _word), cancellationToken);
    }

    /// <summary>What becomes of one target; being cancelled is an outcome too.</summary>
    public async Task<NodeAttempt> WaitAsync(NodeJob job, CancellationToken cancellationToken)
    {
        TakTukTarget target = _byTarget[job.Target];
        NodeAttempt attempt;
        TimeSpan? connectTime = null;
        try
        {
            await Task.WhenAny(target.Output.Began, target.Failed).WaitAsync(job.Options.TotalTimeout, _time, cancellationToken)
                .ConfigureAwait(false);
            connectTime = _time.GetElapsedTime(_start);
            if (target.Output.Began.IsCompleted)
            {
                job.Began?.Invoke();
                await target.Ended.WaitAsync(job.Options.Timeout, _time, cancellationToken).ConfigureAwait(false);
            }
            // What is cancelled may be seen to fail first.
            if (target.Status is null) cancellationToken.ThrowIfCancellationRequested();
            attempt = target.Status is int status ? NodeAttempt.Ended(status) : NodeAttempt.Without(await target.Failed.ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            attempt = new NodeAttempt(NodeCommandState.TimedOut); // the target's own clock ends it a second later
        }
        catch (OperationCanceledException)
        {
            await _completion.ConfigureAwait(false); // it is cancelled as well, and with it what runs on targets
            attempt = new NodeAttempt(NodeCommandState.Cancelled);
        }
        TimeSpan elapsed = _time.GetElapsedTime(_start);
        return attempt with
        {
            HasBegun = target.Output.Began.IsCompleted,
            ConnectTime = connectTime ?? elapsed,
            RunTime = elapsed - (connectTime ?? elapsed),
            Output = target.Output.Text,
            Error = target.Error.Text,
            DroppedBytes = target.Output.Dropped + target.Error.Dropped,
        };
    }

    async Task RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await _frontend.RunAsync(request, Take, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is G5kException or OperationCanceledException)
        {
            // Targets that it has not told of are tried directly, which finds the front-end's failure again, or have been cancelled.
        }
        foreach (TakTukTarget target in _targets) target.Lose(isToldByFrontend: false);
    }

    void Take(OutputLine line)
    {
        if (line.IsError || TakTukLine.Parse(line.Text) is not { Position: int position } told || position < 1 || position > _targets.Length) return;
        _targets[position - 1].Take(told);
    }
}
