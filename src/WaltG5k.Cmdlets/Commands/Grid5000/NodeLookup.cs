using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Turns what a user gave as nodes into full names. What cannot be found is an error record and left out.</summary>
internal static class NodeLookup
{
    const string Domain = ".grid5000.fr";

    /// <summary>Full names in the order given, each once.</summary>
    public static async Task<IReadOnlyList<string>> ResolveAsync(G5kCmdlet cmdlet, IReadOnlyList<G5kNodeRef> nodes,
        CancellationToken cancellationToken)
    {
        Dictionary<string, string> sites = await FindSitesAsync(cmdlet, nodes, cancellationToken).ConfigureAwait(false);
        var names = new List<string>();
        foreach (G5kNodeRef node in nodes)
        {
            if (node.Job is { } job) names.AddRange(await GetJobNodesAsync(cmdlet, job, cancellationToken).ConfigureAwait(false));
            else if (node.Name.EndsWith(Domain, StringComparison.Ordinal)) names.Add(node.Name);
            else if (node.Name.Contains('.', StringComparison.Ordinal)) names.Add(node.Name + Domain);
            else if (sites.TryGetValue(KadeployNodes.ClusterOf(node.Name), out string? site)) names.Add($"{node.Name}.{site}{Domain}");
            else cmdlet.WriteFailure(Failures.NameNotFound("Node", node.Name,
                "Write the site too, such as gros-1.nancy, or look for it: Get-G5kNode"));
        }
        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The site of the cluster of each short name.</summary>
    static async Task<Dictionary<string, string>> FindSitesAsync(G5kCmdlet cmdlet, IReadOnlyList<G5kNodeRef> nodes,
        CancellationToken cancellationToken)
    {
        string[] clusters = [.. nodes.Where(n => n.Job is null && !n.Name.Contains('.', StringComparison.Ordinal))
            .Select(n => KadeployNodes.ClusterOf(n.Name)).Distinct()];
        var sites = new Dictionary<string, string>(StringComparer.Ordinal);
        if (clusters.Length == 0) return sites;
        await foreach (SiteInfo site in cmdlet.Api.GetSitesAsync(cancellationToken).ConfigureAwait(false))
        {
            await foreach (ClusterInfo cluster in cmdlet.Api.GetClustersAsync(site.Name, cancellationToken).ConfigureAwait(false))
                if (clusters.Contains(cluster.Name)) sites[cluster.Name] = cluster.Site;
            if (sites.Count == clusters.Length) break;
        }
        return sites;
    }

    static async Task<IReadOnlyList<string>> GetJobNodesAsync(G5kCmdlet cmdlet, OarJobRef job, CancellationToken cancellationToken)
    {
        try
        {
            OarJob found = await OarAccess.GetAsync(cmdlet, job, cancellationToken).ConfigureAwait(false);
            if (found.State == OarJobState.Running && found.Nodes.Count > 0) return found.Nodes;
            throw Failures.JobHasNoNodes(found);
        }
        catch (G5kException e)
        {
            cmdlet.WriteFailure(e);
            return [];
        }
    }
}
