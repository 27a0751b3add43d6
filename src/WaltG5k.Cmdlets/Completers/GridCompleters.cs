using System.Collections;

namespace WaltG5k.Completers;

/// <summary>Completes sites.</summary>
public sealed class SiteCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        cache.Read().Sites.Select(s => (s.Key, s.Value));
}

/// <summary>Completes clusters, those of the given sites if any.</summary>
public sealed class ClusterCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound)
    {
        HashSet<string> sites = Given(bound, "Site");
        return cache.Read().Clusters.Where(c => sites.Count == 0 || sites.Contains(c.Value)).Select(c => (c.Key, c.Value));
    }
}

/// <summary>Completes nodes, those of the given clusters and sites if any.</summary>
public sealed class NodeCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound)
    {
        HashSet<string> sites = Given(bound, "Site"), clusters = Given(bound, "Cluster");
        CachedNames names = cache.Read();
        return names.Nodes
            .Where(c => (clusters.Count == 0 || clusters.Contains(c.Key))
            && (sites.Count == 0 || sites.Contains(names.Clusters.GetValueOrDefault(c.Key, ""))))
            .SelectMany(c => c.Value.Select(node => (node, c.Key)));
    }
}

/// <summary>Completes jobs (<c>site:id</c>) that this session has seen.</summary>
public sealed class JobCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : session.JobNames.OrderBy(j => j.Key, StringComparer.Ordinal).Select(j => (j.Key, j.Value));
}
