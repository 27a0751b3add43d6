using System.Runtime.CompilerServices;
using System.Text.Json;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Grid5000;

/// <summary>Deployments of one site through the API: results per node, without a terminal.</summary>
public sealed class DeploymentApi(IGrid grid, string site)
{
    /// <summary>The API asks Kadeploy at each of our looks.</summary>
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    /// <summary>How far the clocks here and there may differ.</summary>
    static readonly TimeSpan s_clockTolerance = TimeSpan.FromMinutes(2);

    readonly ApiConnection _api = new(grid);
    readonly string _path = $"sites/{Uri.EscapeDataString(site)}/deployments";

    /// <summary>Those that match, newest first, as they were last looked at.</summary>
    /// <exception cref="G5kException"><c>ApiRefused</c>, <c>ApiUnreachable</c>, <c>ApiTimeout</c>, <c>ApiUnreadable</c>.</exception>
    public async IAsyncEnumerable<ApiDeployment> ListAsync(ApiDeploymentQuery? query = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new ApiDeploymentQuery();
        string path = _path + ApiQuery.Join(("user", query.User), ("status", query.Status is { } status ? ApiDeploymentReader.Word(status) : null));
        await foreach (JsonElement item in _api.GetItemsAsync(path, query.Maximum, cancellationToken).ConfigureAwait(false))
            yield return ApiDeploymentReader.Read(site, item);
    }

    /// <summary>As it was when the API last looked; null when there is none of that id. See <see cref="RefreshAsync"/>.</summary>
    public async Task<ApiDeployment?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        using JsonDocument? document = await _api.GetAsync(PathOf(id), cancellationToken).ConfigureAwait(false);
        return document is null ? null : ApiDeploymentReader.Read(site, document.RootElement);
    }

    /// <summary>As it is now. Reading alone never makes the API ask Kadeploy: an empty PUT does.</summary>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c>, and those of <see cref="ListAsync"/>.</exception>
    public async Task<ApiDeployment> RefreshAsync(string id, CancellationToken cancellationToken = default)
    {
        try
        {
            await _api.SendAsync(new ApiCall(HttpMethod.Put, PathOf(id)), cancellationToken).ConfigureAwait(false);
        }
        catch (ApiRefusedException e) when (e.Status != System.Net.HttpStatusCode.NotFound)
        {
            // What it knew before is better than nothing.
        }
        catch (ApiRefusedException)
        {
            throw NotFound(id);
        }
        return await GetAsync(id, cancellationToken).ConfigureAwait(false) ?? throw NotFound(id);
    }

    /// <summary>
    /// Starts one. When the answer is lost it is looked for among the user's deployments rather than sent again: a second one would take the nodes
    /// from the first.
    /// </summary>
    /// <exception cref="G5kException"><c>ApiRefused</c> with Kadeploy's words; <c>ApiOutcomeUnknown</c>: sent, and not found afterwards.</exception>
    public async Task<ApiDeployment> SubmitAsync(ApiDeploymentRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfZero(request.Nodes.Count, nameof(request));
        DateTimeOffset before = grid.Time.GetUtcNow();
        ApiCall call = new(HttpMethod.Post, _path) { Body = ApiDeploymentReader.Write(request) };
        try
        {
            ApiReply reply = await _api.SendAsync(call, cancellationToken).ConfigureAwait(false);
            if (reply.Json is { } item && ApiDeploymentReader.Read(site, item) is { Id.Length: > 0 } deployment) return deployment;
            throw ApiErrors.OutcomeUnknown(call, $"it answered {reply.Text}", null);
        }
        catch (G5kException e) when (e.Code == "ApiOutcomeUnknown")
        {
            if (await FindSubmittedAsync(request, before, cancellationToken).ConfigureAwait(false) is { } found) return found;
            throw;
        }
    }

    /// <summary>
    /// Cancels it: nodes that are being deployed are left as they are, and Kadeploy calls them aborted. One that has ended stays as it is.
    /// </summary>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c>, <c>ApiRefused</c>: somebody else's.</exception>
    public async Task CancelAsync(string id, CancellationToken cancellationToken = default)
    {
        try
        {
            await _api.SendAsync(new ApiCall(HttpMethod.Delete, PathOf(id)), cancellationToken).ConfigureAwait(false);
        }
        catch (ApiRefusedException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            throw NotFound(id);
        }
    }

    /// <summary>Each change of a deployment until it has ended; the last one is its end.</summary>
    /// <param name="limit">The API leaves a workflow that failed as a whole in <c>processing</c> for ever: after so long it is an error here.</param>
    /// <exception cref="G5kException"><c>DeploymentTimeout</c>; it is not cancelled then. Those of <see cref="RefreshAsync"/>.</exception>
    public async IAsyncEnumerable<ApiDeployment> WatchAsync(string id, TimeSpan limit,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long start = grid.Time.GetTimestamp();
        ApiDeployment? last = null;
        while (true)
        {
            ApiDeployment now = await RefreshAsync(id, cancellationToken).ConfigureAwait(false);
            if (last is null || now.Status != last.Status || !now.Results.SequenceEqual(last.Results)) yield return now;
            if (now.IsEnded) yield break;
            last = now;
            TimeSpan left = limit - grid.Time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) throw TimedOut(now, limit);
            await Task.Delay(left < s_pause ? left : s_pause, grid.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// What Kadeploy has printed since the last such call: each line is given once, to whoever asks first. Null where the site does not let us read
    /// it.
    /// </summary>
    public async Task<IReadOnlyList<KadeployLogLine>?> ReadLogAsync(string id, CancellationToken cancellationToken = default)
    {
        string path = $"sites/{Uri.EscapeDataString(site)}/internal/kadeployapi/deployment/{Uri.EscapeDataString(id)}/logs";
        try
        {
            // Read once and gone: a second try would only find what came since.
            ApiReply reply = await _api.SendAsync(new ApiCall(HttpMethod.Get, path) { IsRepeatable = false }, cancellationToken)
                .ConfigureAwait(false);
            return KadeployLogLine.ReadAll(reply.Text);
        }
        catch (ApiRefusedException)
        {
            return null;
        }
        catch (G5kException e) when (e.Code == "ApiOutcomeUnknown")
        {
            return []; // what was under way is lost
        }
    }

    async Task<ApiDeployment?> FindSubmittedAsync(ApiDeploymentRequest request, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var nodes = new HashSet<string>(request.Nodes, StringComparer.OrdinalIgnoreCase);
        await foreach (ApiDeployment found in ListAsync(new ApiDeploymentQuery { User = grid.User, Maximum = 20 }, cancellationToken)
            .ConfigureAwait(false))
        {
            if (found.CreatedAt >= before - s_clockTolerance && !found.IsEnded && found.Environment == request.Environment
                && nodes.SetEquals(found.Nodes)) return found;
        }
        return null;
    }

    string PathOf(string id) => $"{_path}/{Uri.EscapeDataString(id)}";

    G5kException NotFound(string id) => new("DeploymentNotFound", ErrorKind.ObjectNotFound, $"The API of {site} knows no deployment {id}.", id,
        "Deployments that the API was asked for are there for some days; those of kadeploy3: Get-KadeployWorkflow");

    static G5kException TimedOut(ApiDeployment deployment, TimeSpan limit) => new("DeploymentTimeout", ErrorKind.OperationTimeout,
        FormattableString.Invariant($"Deployment {deployment.Id} at {deployment.Site} has not ended within {limit.TotalMinutes:0.#} min."),
        deployment,
        "It may have failed as a whole, which the API does not tell. Cancel it and look at the nodes: Get-G5kNodeState");
}
