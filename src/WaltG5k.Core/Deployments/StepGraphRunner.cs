using WaltG5k.Core.Deployments.Journal;

namespace WaltG5k.Core.Deployments;

/// <summary>Runs each step as soon as its needs are done, and writes every transition to the journal before and after.</summary>
sealed class StepGraphRunner<TContext>(IReadOnlyList<Step<TContext>> steps, TContext context, IReadOnlyDictionary<string, DeploymentStepInfo> past)
    where TContext : StepContext
{
    readonly Dictionary<string, TaskCompletionSource> _done =
        steps.ToDictionary(s => s.Name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), StringComparer.Ordinal);

    /// <summary>Runs to the end. The first step that fails stops the others and is thrown.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (Step<TContext> step in steps)
            if (past.TryGetValue(step.Name, out DeploymentStepInfo? info) && info.State == StepState.Done) context.OnDone(step.Name);
        Exception? first = null;
        await Task.WhenAll(steps.Select(async step =>
        {
            try
            {
                await RunWhenReadyAsync(step, stop.Token).ConfigureAwait(false);
                _done[step.Name].SetResult();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        })).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    async Task RunWhenReadyAsync(Step<TContext> step, CancellationToken cancellationToken)
    {
        if (past.TryGetValue(step.Name, out DeploymentStepInfo? info) && info.State is StepState.Done or StepState.Skipped) return;
        await Task.WhenAll(step.Needs.Select(n => _done[n].Task)).WaitAsync(cancellationToken).ConfigureAwait(false);
        for (int attempt = 1; ; attempt++)
        {
            context.Write(new StepPart(step.Name, StepState.Running, attempt));
            context.Reporter.Verbose($"{step.Name}: {step.Description}");
            try
            {
                string note = await RunOnceAsync(step, cancellationToken).ConfigureAwait(false);
                context.Write(new StepPart(step.Name, StepState.Done, attempt, note));
                context.OnDone(step.Name);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                context.Write(new StepPart(step.Name, StepState.Cancelled, attempt));
                throw;
            }
            catch (Exception e) when (attempt < step.Attempts && IsWorthRepeating(e))
            {
                context.Report(Findings.StepRetried(step.Name, attempt, step.Attempts, e));
                await Task.Delay(step.Pause, context.Time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                context.Write(new StepPart(step.Name, StepState.Failed, attempt, e.Message));
                context.Report(Findings.FromException(step.Name, e));
                throw;
            }
        }
    }

    async Task<string> RunOnceAsync(Step<TContext> step, CancellationToken cancellationToken)
    {
        if (step.Timeout == Timeout.InfiniteTimeSpan) return await step.Run(context, cancellationToken).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(step.Timeout, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await step.Run(context, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new G5kException("StepTimeout", ErrorKind.OperationTimeout,
                $"The step {step.Name} did not end within {step.Timeout.TotalMinutes:0} min.", step.Name,
                $"{context.Nouns.Resume} tries it again.", e);
        }
    }

    /// <summary>What the user or the reference data decide does not change by waiting.</summary>
    static bool IsWorthRepeating(Exception e) =>
        e is G5kException { Kind: not (ErrorKind.InvalidArgument or ErrorKind.ObjectNotFound or ErrorKind.LimitsExceeded or ErrorKind.WriteError),
        Code: not ("JobEnded" or "NotEnoughNodes") };
}
