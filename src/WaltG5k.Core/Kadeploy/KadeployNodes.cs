using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

/// <summary>What the full name of a node tells: <c>gros-1.nancy.grid5000.fr</c> is of cluster gros at nancy.</summary>
public static class KadeployNodes
{
    /// <summary>Empty for a name without a site.</summary>
    public static string SiteOf(string node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Split('.') is [_, { Length: > 0 } site, ..] ? site : "";
    }

    public static string ClusterOf(string node)
    {
        ArgumentNullException.ThrowIfNull(node);
        string host = node.Split('.')[0];
        return host.LastIndexOf('-') is > 0 and { } dash ? host[..dash] : host;
    }

    /// <summary>Names in their short form, for messages; what is no set is listed.</summary>
    public static string Fold(IEnumerable<string> nodes)
    {
        string[] all = [.. nodes];
        try { return NodeSet.Fold(all); }
        catch (FormatException) { return string.Join(',', all); }
    }
}
