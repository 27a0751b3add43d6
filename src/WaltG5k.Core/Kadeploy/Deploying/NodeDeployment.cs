namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// Puts an environment on nodes of one or several sites: one deployment per site, all at once, each going its own way through failures
/// (<see cref="SiteDeployment"/>). Each node comes back as one result, as soon as it is known.
/// </summary>
public sealed class NodeDeployment
{
    readonly NodeDeploymentRequest _request;
    readonly NodeBoard _board;
    readonly SiteDeployment[] _sites;

    /// <param name="open">The way to a site's Kadeploy.</param>
    /// <param name="findOwnNodes">The nodes of the user's running deploy jobs at a site: asked only when Kadeploy refuses nodes.</param>
    public NodeDeployment(NodeDeploymentRequest request, Func<string, IDeploymentChannel> open,
        Func<string, CancellationToken, Task<IReadOnlyCollection<string>>> findOwnNodes, TimeProvider time, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(open);
        _request = request;
        string environment = request.Order.Environment;
        _board = new NodeBoard(environment[(environment.LastIndexOf('/') + 1)..], time) { OnResult = r => OnResult(r), OnChange = () => OnChange() };
        foreach (string node in request.Nodes) _board.Add(node);
        _sites = [.. Plan(request).Select(p => new SiteDeployment(p, request.Retries, open(p.Site), ct => findOwnNodes(p.Site, ct), _board, time,
            reporter))];
    }

    /// <summary>Gets each result as soon as it is known, from any thread.</summary>
    public Action<KadeployResult> OnResult { get; set; } = _ => { };

    /// <summary>Something has changed in <see cref="Status"/>.</summary>
    public Action OnChange { get; set; } = () => { };

    /// <summary>Where each node stands, spares in use included.</summary>
    public IReadOnlyList<NodeDeploymentStatus> Status => _board.Status;

    /// <summary>What is ordered at each site. Nodes without a site are an error of the caller.</summary>
    public static IReadOnlyList<SiteDeploymentPlan> Plan(NodeDeploymentRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var asked = new HashSet<string>(request.Nodes, StringComparer.OrdinalIgnoreCase);
        ILookup<string, string> spares = request.Spares.Where(n => !asked.Contains(n)).Distinct(StringComparer.OrdinalIgnoreCase)
            .ToLookup(KadeployNodes.SiteOf, StringComparer.Ordinal);
        return [.. request.Nodes.GroupBy(KadeployNodes.SiteOf, StringComparer.Ordinal)
            .Select(g => new SiteDeploymentPlan(g.Key, [.. g], [.. spares[g.Key]], request.Order with { Nodes = [.. g] }))];
    }

    /// <summary>Deploys. Failures of nodes and sites are results; only a cancellation is thrown, and then Kadeploy was told to stop.</summary>
    public async Task<NodeDeploymentSummary> RunAsync(CancellationToken cancellationToken = default)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = _request.ThrottleLimit, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_sites, options, async (site, token) => await site.RunAsync(token).ConfigureAwait(false)).ConfigureAwait(false);
        return new NodeDeploymentSummary(_board.Results, [.. _sites.Select(s => s.Refusal).OfType<G5kException>()]);
    }

    /// <summary>What an interruption leaves behind: whether Kadeploy knows, and a line for the nodes in each state.</summary>
    public string DescribeInterruption() =>
        InterruptionReport.Write(Status, site => _sites.First(s => s.Site == site).WasStopped);
}
