using System.Runtime.CompilerServices;

namespace WaltG5k.Core.Kadeploy;

/// <summary>What one run of kareboot3 or kapower3 said of each node.</summary>
sealed record NodeRun(string? WorkflowId, IReadOnlyList<NodeRunResult> Nodes);

sealed record NodeRunResult(string Node, bool IsOk, string? Step, string? Reason);

/// <summary>
/// The same again with the nodes that failed, then the same a level harder: no node is given up before the last level has failed too.
/// </summary>
sealed class NodeTries(string operation, IReadOnlyList<string> nodes, NodeLevel first, NodeLevel last, int retries, bool waits, TimeProvider time)
{
    public async IAsyncEnumerable<NodeOperationResult> RunAsync(
        Func<IReadOnlyList<string>, NodeLevel, CancellationToken, Task<NodeRun>> run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        string[] left = [.. nodes.Distinct(StringComparer.OrdinalIgnoreCase)];
        NodeLevel level = first;
        int attempts = 0;
        for (int attemptsHere = 1; left.Length > 0; attemptsHere++)
        {
            attempts++;
            NodeRun done = await TryAsync(run, left, level, attempts, cancellationToken).ConfigureAwait(false);
            bool isLast = attemptsHere > retries && level >= last;
            List<string> failed = [];
            foreach (NodeRunResult result in done.Nodes)
            {
                if (!result.IsOk && !isLast) failed.Add(result.Node);
                else yield return ToResult(result, done.WorkflowId, level, attempts, time.GetElapsedTime(start));
            }
            left = [.. failed];
            if (attemptsHere <= retries) continue;
            attemptsHere = 0;
            level++;
        }
    }

    /// <summary>A refusal of a later try is a failure of the nodes that are left: those before have their results already.</summary>
    static async Task<NodeRun> TryAsync(
        Func<IReadOnlyList<string>, NodeLevel, CancellationToken, Task<NodeRun>> run, IReadOnlyList<string> left, NodeLevel level, int attempt,
        CancellationToken cancellationToken)
    {
        try { return await run(left, level, cancellationToken).ConfigureAwait(false); }
        catch (G5kException e) when (attempt > 1) { return new NodeRun(null, [.. left.Select(n => new NodeRunResult(n, false, null, e.Message))]); }
    }

    NodeOperationResult ToResult(NodeRunResult result, string? workflowId, NodeLevel level, int attempts, TimeSpan duration) =>
        new(result.Node, operation, !result.IsOk ? NodeOperationState.Failed : waits ? NodeOperationState.Succeeded : NodeOperationState.Ordered)
        {
            Level = level,
            Attempts = attempts,
            Step = result.Step,
            Reason = result.Reason,
            WorkflowId = workflowId,
            Duration = duration,
        };
}
