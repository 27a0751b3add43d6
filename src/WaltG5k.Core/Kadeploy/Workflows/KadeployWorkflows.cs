using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>The operations that Kadeploy of a site knows (kanodes3).</summary>
public sealed class KadeployWorkflows(IFrontend frontend, TimeProvider time)
{
    static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(2), s_longestPause = TimeSpan.FromSeconds(10);

    /// <summary>Operations of one kind, or of all; the oldest first.</summary>
    /// <exception cref="G5kException"><c>KadeployWorkflowsFailed</c>, <c>KadeployAnswerUnreadable</c>.</exception>
    public async Task<IReadOnlyList<KadeployWorkflow>> GetAsync(KadeployOperation? operation = null, CancellationToken cancellationToken = default)
    {
        KadeployOperation[] kinds = operation is { } one ? [one] : [KadeployOperation.Deployment, KadeployOperation.Reboot, KadeployOperation.Power];
        List<KadeployWorkflow> workflows = [];
        foreach (KadeployOperation kind in kinds)
        {
            string option = kind switch { KadeployOperation.Reboot => "-r", KadeployOperation.Power => "-p", _ => "-d" };
            var command = new CommandRequest("kanodes3", option);
            CommandResult result = await frontend.RunAsync(command, null, cancellationToken).ConfigureAwait(false);
            result.EnsureSuccess("KadeployWorkflowsFailed", $"Kadeploy at {frontend.Site} does not tell its operations", frontend.Site,
                $"Try it on the front-end of {frontend.Site}: {command}");
            workflows.AddRange(KadeployWorkflowReader.Read(frontend.Site, result.Output));
        }
        return [.. workflows.OrderBy(w => w.StartedAt)];
    }

    /// <summary>One operation; null: the server does not know it (any more).</summary>
    /// <exception cref="G5kException"><c>KadeployWorkflowsFailed</c>, <c>KadeployAnswerUnreadable</c>.</exception>
    public async Task<KadeployWorkflow?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        (await GetAsync(KadeployWorkflow.OperationOf(id), cancellationToken).ConfigureAwait(false)).FirstOrDefault(w => w.Id == id);

    /// <summary>
    /// Waits for the end of an operation and tells what became of its nodes. The server forgets an operation whose client has waited for it; its
    /// statistics tell the end then.
    /// </summary>
    /// <param name="onProgress">Gets the operation each time it was looked at.</param>
    /// <exception cref="G5kException"><c>KadeployWorkflowNotFound</c>: neither the server nor its statistics know it;
    /// <c>KadeployWaitTimeout</c>.</exception>
    public async Task<IReadOnlyList<KadeployResult>> WaitAsync(string id, TimeSpan timeout, Action<KadeployWorkflow>? onProgress = null,
        CancellationToken cancellationToken = default)
    {
        long start = time.GetTimestamp();
        for (TimeSpan pause = s_firstPause; ; pause = pause < s_longestPause ? pause + s_firstPause : pause)
        {
            KadeployWorkflow? workflow = await FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (workflow is not null) onProgress?.Invoke(workflow);
            if (workflow is null or { IsDone: true } or { HasError: true })
                return await GetResultsAsync(id, workflow, cancellationToken).ConfigureAwait(false);
            if (time.GetElapsedTime(start) >= timeout)
            {
                throw new G5kException("KadeployWaitTimeout", ErrorKind.OperationTimeout,
                    FormattableString.Invariant(
                    $"{id} at {frontend.Site} has not ended within {timeout.TotalSeconds:0} s; {workflow.ProcessingNodes.Count} of its nodes are still worked on."), id,
                    $"It goes on. Look at it: Get-KadeployWorkflow {id} -Site {frontend.Site}");
            }
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    async Task<IReadOnlyList<KadeployResult>> GetResultsAsync(string id, KadeployWorkflow? workflow, CancellationToken cancellationToken)
    {
        IReadOnlyList<KadeployStatistic> records = await new KadeployHistory(frontend)
            .GetAsync(new KadeployStatisticQuery { WorkflowId = id }, cancellationToken).ConfigureAwait(false);
        if (records.Count > 0) return [.. records.Select(ToResult)];
        if (workflow is null)
        {
            throw new G5kException("KadeployWorkflowNotFound", ErrorKind.ObjectNotFound, $"Kadeploy at {frontend.Site} knows no operation {id}.", id,
                $"Those it knows: Get-KadeployWorkflow -Site {frontend.Site}");
        }
        return [.. workflow.OkNodes.Select(n => new KadeployResult(n, true) { WorkflowId = id }),
            .. workflow.KoNodes.Select(n => new KadeployResult(n, false) { WorkflowId = id })];
    }

    static KadeployResult ToResult(KadeployStatistic record)
    {
        int dash = record.Step?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        return new KadeployResult(record.Node, record.IsSuccess)
        {
            WorkflowId = record.WorkflowId,
            Status = record.IsSuccess ? KadeployNodeStatus.Ok : record.IsCancelled ? KadeployNodeStatus.Aborted : KadeployNodeStatus.Failed,
            MacroStep = dash > 0 ? record.Step![..dash] : null,
            MicroStep = dash > 0 ? record.Step![(dash + 1)..] : null,
            Reason = record.Reason ?? (record.IsCancelled ? "the operation was ended before its end" : null),
            Times = [.. record.Steps.Select(s => new KadeployStepTime(s.Name, s.Duration))],
        };
    }
}
