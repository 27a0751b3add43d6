using System.Text.Json;
using System.Text.Json.Serialization;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Completers;

/// <summary>
/// Names of sites, clusters and nodes, as the last look at a grid found them, in <c>$XDG_CACHE_HOME/waltg5k</c>. Completion reads it
/// and nothing else, so TAB never waits for the network. A cache that cannot be read or written is no error.
/// </summary>
internal sealed class NameCache(string grid)
{
    readonly string _file = Path.Combine(Folder, $"{grid}.json");

    static string Folder
    {
        get
        {
            string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(root)) root = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(root, "waltg5k");
        }
    }

    public CachedNames Read()
    {
        try { return JsonSerializer.Deserialize(File.ReadAllText(_file), CachedNamesJson.Default.CachedNames) ?? new CachedNames(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException) { return new CachedNames(); }
    }

    public void Add(IReadOnlyCollection<SiteInfo> sites) => Change(names =>
    {
        foreach (SiteInfo site in sites) names.Sites[site.Name] = site.Location;
    }, sites.Count);

    public void Add(IReadOnlyCollection<ClusterInfo> clusters) => Change(names =>
    {
        foreach (ClusterInfo cluster in clusters) names.Clusters[cluster.Name] = cluster.Site;
    }, clusters.Count);

    public void Add(IReadOnlyCollection<NodeInfo> nodes) => Change(names =>
    {
        foreach (IGrouping<string, NodeInfo> cluster in nodes.GroupBy(n => n.Cluster))
            names.Nodes[cluster.Key] = [.. cluster.Select(n => n.Name).Union(names.Nodes.GetValueOrDefault(cluster.Key, []))];
    }, nodes.Count);

    public void Add(IReadOnlyCollection<EnvironmentInfo> environments) => Change(names =>
    {
        foreach (IGrouping<string, EnvironmentInfo> site in environments.GroupBy(e => e.Site))
            names.Environments[site.Key] = [.. site.Select(e => e.Specification).Union(names.Environments.GetValueOrDefault(site.Key, []))];
    }, environments.Count);

    void Change(Action<CachedNames> change, int count)
    {
        if (count == 0) return;
        CachedNames names = Read();
        change(names);
        try
        {
            Directory.CreateDirectory(Folder);
            string draft = $"{_file}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
            File.WriteAllText(draft, JsonSerializer.Serialize(names, CachedNamesJson.Default.CachedNames));
            File.Move(draft, _file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* completion does without */ }
    }
}

/// <summary>What the cache file holds.</summary>
internal sealed class CachedNames
{
    /// <summary>Location by site.</summary>
    public SortedDictionary<string, string> Sites { get; init; } = new(StringComparer.Ordinal);
    /// <summary>Site by cluster.</summary>
    public SortedDictionary<string, string> Clusters { get; init; } = new(StringComparer.Ordinal);
    /// <summary>Full node names by cluster.</summary>
    public SortedDictionary<string, IReadOnlyList<string>> Nodes { get; init; } = new(StringComparer.Ordinal);
    /// <summary>
    /// Environments (<c>NAME@USER:VERSION%ARCH</c>) by site. Older files have none: what is only set at its creation would then be null.
    /// </summary>
    public SortedDictionary<string, IReadOnlyList<string>> Environments { get; set; } = new(StringComparer.Ordinal);
}

[JsonSerializable(typeof(CachedNames))]
internal sealed partial class CachedNamesJson : JsonSerializerContext;
