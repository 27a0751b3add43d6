using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// Deployments through the REST API: no terminal and no login at the front-end, but fewer options. The API looks at Kadeploy only when it is touched,
/// and calls a deployment
/// that failed as a whole under way for ever: our own time limit ends it.
/// </summary>
public sealed class ApiChannel(IGrid grid, string site) : IDeploymentChannel
{
    /// <summary>Its answer takes some seconds; whoever interrupts us does not wait for it.</summary>
    static readonly TimeSpan s_cancelTime = TimeSpan.FromMinutes(1);
    static readonly TimeSpan s_followPause = TimeSpan.FromSeconds(10);

    readonly DeploymentApi _api = new(grid, site);
    volatile string? _lastId;

    public string Site => site;

    /// <inheritdoc/>
    public async Task DeployAsync(KadeployRequest request, Action<KadeployEvent> onEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(onEvent);
        string id = await SubmitAsync(request, cancellationToken).ConfigureAwait(false);
        onEvent(new WorkflowStarted(id, KadeployOperation.Deployment, true));
        var progress = new ApiProgress(request.Nodes, onEvent, grid.Time);
        try
        {
            await foreach (ApiDeployment deployment in _api.WatchAsync(id, request.Timeout,
                cancellationToken).ConfigureAwait(false)) progress.Take(deployment);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (await StopAsync(id).ConfigureAwait(false)) onEvent(new ClientInterrupted());
            throw;
        }
        catch (G5kException e) when (e.Code == "DeploymentTimeout")
        {
            await StopAsync(id).ConfigureAwait(false);
            throw new G5kException("CommandTimeout", ErrorKind.OperationTimeout, e.Message, e.Target,
                $"Look at the nodes: Get-G5kNodeState -Site {site}", e);
        }
        catch (G5kException e)
        {
            // Whatever keeps us from looking: the deployment goes on.
            throw new DeploymentLostException(site, e.Message, e);
        }
    }

    /// <inheritdoc/>
    public Task<string> OrderAsync(KadeployRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SubmitAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KadeployResult>> FollowAsync(string? workflowId, IReadOnlyList<string> nodes, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        if (workflowId is null) return [.. nodes.Select(n => Lost(n, "the API did not tell the id of the deployment"))];
        var monitor = new KadeployMonitor(nodes);
        var progress = new ApiProgress(nodes, monitor.Take, grid.Time);
        long start = grid.Time.GetTimestamp();
        string problem = "";
        while (true)
        {
            try
            {
                ApiDeployment deployment = await _api.RefreshAsync(workflowId, cancellationToken).ConfigureAwait(false);
                progress.Take(deployment);
                if (deployment.IsEnded) return monitor.GetResults();
                problem = "Kadeploy was still working on it when the time was up";
            }
            catch (G5kException e)
            {
                problem = e.Message;
            }
            if (grid.Time.GetElapsedTime(start) + s_followPause > limit) return [.. nodes.Select(n => Lost(n, problem))];
            await Task.Delay(s_followPause, grid.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> GetStatesAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var states = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (_lastId is not { } id) return states;
        ApiDeployment deployment = await _api.RefreshAsync(id, cancellationToken).ConfigureAwait(false);
        foreach (string node in nodes.Where(n => deployment.Nodes.Contains(n, StringComparer.OrdinalIgnoreCase)))
            states[node] = StateOf(deployment, deployment.Results.FirstOrDefault(r => r.Node.Equals(node, StringComparison.OrdinalIgnoreCase)));
        return states;
    }

    static string StateOf(ApiDeployment deployment, ApiDeploymentNode? node) => deployment.Status switch
    {
        ApiDeploymentStatus.Waiting or ApiDeploymentStatus.Processing => "deploying",
        ApiDeploymentStatus.Canceled => "aborted",
        _ => node is { IsOk: true } ? "deployed" : "deploy_failed",
    };

    /// <summary>
    /// An interruption in the middle of the order must not leave a deployment that nobody knows of: its answer is waited for, and taken back.
    /// </summary>
    async Task<string> SubmitAsync(KadeployRequest request, CancellationToken cancellationToken)
    {
        ApiDeploymentRequest order = ApiOrder.Convert(request);
        Task<ApiDeployment> submission = _api.SubmitAsync(order, CancellationToken.None);
        try
        {
            return _lastId = (await submission.WaitAsync(cancellationToken).ConfigureAwait(false)).Id;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ApiDeployment? late = await submission.ContinueWith(t => t.IsCompletedSuccessfully ? t.Result : null, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            if (late is not null) await StopAsync(late.Id).ConfigureAwait(false);
            throw;
        }
        catch (ApiRefusedException e) when (e.Text.StartsWith(ApiErrors.LaunchRefusal, StringComparison.Ordinal)
            || e.Status == System.Net.HttpStatusCode.BadRequest)
        {
            throw KadeployRefusedException.From(site, e.Text, request.Environment, e);
        }
    }

    /// <returns>False: nobody knows whether it has stopped.</returns>
    async Task<bool> StopAsync(string id)
    {
        using var limit = new CancellationTokenSource(s_cancelTime, grid.Time);
        try
        {
            await _api.CancelAsync(id, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is G5kException or OperationCanceledException)
        {
            return false;
        }
    }

    static KadeployResult Lost(string node, string reason) => new(node, false) { Status = KadeployNodeStatus.Lost, Reason = reason };
}
