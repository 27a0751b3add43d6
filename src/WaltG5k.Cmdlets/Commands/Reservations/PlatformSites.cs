using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>What -Site, -NodeCount and -ServerSite say together.</summary>
internal static class PlatformSites
{
    public static SortedDictionary<string, int> Counts(IReadOnlyList<string> sites, NodeCounts counts)
    {
        SortedDictionary<string, int> result = counts.For(sites);
        return result.Count > 0 ? result : throw Failures.SiteMissing();
    }

    /// <summary>The site of the server: as given, or the first one named.</summary>
    public static string Server(string? serverSite, IReadOnlyList<string> sites, NodeCounts counts) =>
        serverSite ?? sites.Concat(counts.BySite.Keys).FirstOrDefault() ?? throw Failures.SiteMissing();
}
