using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Ends operations of one site's Kadeploy before their time.</summary>
public sealed class KadeployWorkflowStop(IGrid grid, string site)
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2), s_pause = TimeSpan.FromSeconds(2);

    readonly KadeployWorkflows _workflows = new(grid.GetFrontend(site), grid.Time);

    /// <summary>An operation that can still be stopped.</summary>
    /// <exception cref="G5kException"><c>KadeployWorkflowNotFound</c>; <c>KadeployWorkflowEnded</c>: it is over already.</exception>
    public async Task<KadeployWorkflow> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        KadeployWorkflow? workflow = await _workflows.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (workflow is { IsDone: false, HasError: false }) return workflow;
        // What its client has waited for is only in the statistics; without a record there, it never was.
        if (workflow is null) await _workflows.WaitAsync(id, TimeSpan.Zero, null, cancellationToken).ConfigureAwait(false);
        throw Ended(id);
    }

    /// <summary>
    /// Stops it and sees to it that the server knows it no longer. Nodes that it was through with stay as they are; the others are left in between,
    /// and Kadeploy calls
    /// them aborted.
    /// </summary>
    /// <returns>What became of each node.</returns>
    /// <exception cref="G5kException">
    /// <c>NotWorkflowOwner</c>; <c>KadeployWorkflowEnded</c>: it was quicker; <c>KadeployStopUnconfirmed</c>: told to stop, and goes on;
    /// <c>KadeployUnavailable</c>.
    /// </exception>
    public async Task<IReadOnlyList<KadeployResult>> StopAsync(KadeployWorkflow workflow, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        bool isStopped = await CancelByApiAsync(workflow, cancellationToken).ConfigureAwait(false)
            || await new KadeployRest(grid.GetFrontend(site), grid.User).DeleteAsync(workflow.Operation, workflow.Id,
                cancellationToken).ConfigureAwait(false);
        if (!isStopped) throw Ended(workflow.Id);
        long start = grid.Time.GetTimestamp();
        while (await _workflows.FindAsync(workflow.Id, cancellationToken).ConfigureAwait(false) is { IsDone: false, HasError: false })
        {
            if (grid.Time.GetElapsedTime(start) > s_limit) throw Unconfirmed(workflow.Id);
            await Task.Delay(s_pause, grid.Time, cancellationToken).ConfigureAwait(false);
        }
        return await GetResultsAsync(workflow, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One that was ordered from the API has to be ended there: it would call it under way for ever.</summary>
    async Task<bool> CancelByApiAsync(KadeployWorkflow workflow, CancellationToken cancellationToken)
    {
        if (workflow.Operation != KadeployOperation.Deployment) return false;
        var api = new DeploymentApi(grid, site);
        try
        {
            if (await api.GetAsync(workflow.Id, cancellationToken).ConfigureAwait(false) is not { IsEnded: false }) return false;
            await api.CancelAsync(workflow.Id, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ApiRefusedException e) when (e.Status == System.Net.HttpStatusCode.Forbidden)
        {
            throw KadeployRest.NotOwner(site, workflow.Id, e.Text, e);
        }
        catch (G5kException)
        {
            return false; // out of reach, or without a login: Kadeploy itself is asked
        }
    }

    async Task<IReadOnlyList<KadeployResult>> GetResultsAsync(KadeployWorkflow workflow, CancellationToken cancellationToken)
    {
        try
        {
            return await _workflows.WaitAsync(workflow.Id, TimeSpan.Zero, null, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException)
        {
            // Stopped it is, and what was known before has to do.
            return
            [
                .. workflow.Nodes.Select(n => workflow.OkNodes.Contains(n) ? new KadeployResult(n, true) { WorkflowId = workflow.Id }
                    : new KadeployResult(n, false) { WorkflowId = workflow.Id, Status = workflow.KoNodes.Contains(n) ? KadeployNodeStatus.Failed
                        : KadeployNodeStatus.Aborted }),
            ];
        }
    }

    G5kException Ended(string id) => new("KadeployWorkflowEnded", ErrorKind.InvalidOperation,
        $"{id} at {site} is over already: there is nothing to stop.", id,
        $"See what became of its nodes: Wait-KadeployWorkflow {id} -Site {site}");

    G5kException Unconfirmed(string id) => new("KadeployStopUnconfirmed", ErrorKind.OperationTimeout,
        FormattableString.Invariant($"Kadeploy at {site} was told to stop {id}, and still runs it after {s_limit.TotalMinutes:0} min."), id,
            $"Look at it: Get-KadeployWorkflow {id} -Site {site}");
}
