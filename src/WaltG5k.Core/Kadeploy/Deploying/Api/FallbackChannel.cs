namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// The commands of the front-end; the API where the front-end has no kadeploy3. Nothing was begun then, so that nothing can happen twice.
/// </summary>
public sealed class FallbackChannel(CommandChannel commands, ApiChannel api, IReporter reporter) : IDeploymentChannel
{
    volatile bool _usesApi;

    IDeploymentChannel Current => _usesApi ? api : commands;

    public string Site => commands.Site;

    /// <inheritdoc/>
    public async Task DeployAsync(KadeployRequest request, Action<KadeployEvent> onEvent, CancellationToken cancellationToken)
    {
        try
        {
            await Current.DeployAsync(request, onEvent, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e) when (IsMissing(e, request))
        {
            Switch(e);
            await api.DeployAsync(request, onEvent, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<string> OrderAsync(KadeployRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Current.OrderAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e) when (IsMissing(e, request))
        {
            Switch(e);
            return await api.OrderAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<KadeployResult>> FollowAsync(string? workflowId, IReadOnlyList<string> nodes, TimeSpan limit,
        CancellationToken cancellationToken) =>
        Current.FollowAsync(workflowId, nodes, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> GetStatesAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken) =>
        Current.GetStatesAsync(nodes, cancellationToken);

    void Switch(G5kException missing)
    {
        _usesApi = true;
        reporter.Verbose($"{missing.Message} The API is asked to deploy instead.");
    }

    /// <summary>What the API cannot do remains the failure that it was.</summary>
    bool IsMissing(G5kException failure, KadeployRequest request)
    {
        if (_usesApi || failure.Code != CommandChannel.KadeployMissing) return false;
        try
        {
            ApiOrder.Convert(request);
            return true;
        }
        catch (G5kException)
        {
            return false;
        }
    }
}
