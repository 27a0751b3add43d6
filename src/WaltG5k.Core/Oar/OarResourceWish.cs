using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>What a job is to hold, in words of the field: nodes or cores, a VLAN, subnets. Becomes the text of <c>oarsub -l</c>.</summary>
public sealed partial record OarResourceWish
{
    /// <summary>Whole nodes; with <see cref="CoreCount"/> that many cores on each of them. Null with cores: wherever they are.</summary>
    public int? NodeCount { get; init; }
    /// <summary>Cores, on each node where nodes are counted too.</summary>
    public int? CoreCount { get; init; }
    /// <summary>Clusters that the nodes may come from; empty: any.</summary>
    public IReadOnlyList<string> Clusters { get; init => field = value.AsArray(); } = [];
    /// <summary>SQL over OAR's properties that the nodes must fulfil.</summary>
    public string? Filter { get; init; }
    /// <summary>OAR's type of VLAN, such as <c>kavlan-local</c>; null: none.</summary>
    public string? VlanType { get; init; }
    /// <summary>Subnets as <c>/22</c>, or <c>/22=4</c> for four of them.</summary>
    public IReadOnlyList<string> Subnets { get; init => field = value.AsArray(); } = [];

    /// <summary>Whether anything was wished for at all.</summary>
    public bool IsEmpty => NodeCount is null && CoreCount is null && Clusters.Count == 0 && Filter is null && VlanType is null && Subnets.Count == 0;

    /// <summary>The groups, joined by <c>+</c>, without the walltime. A VLAN or a subnet alone brings no node along.</summary>
    /// <exception cref="G5kException"><c>InvalidNodeCount</c>, <c>InvalidSubnet</c>, <c>InvalidClusterName</c>.</exception>
    public string ToResources()
    {
        CheckCount(NodeCount, "nodes");
        CheckCount(CoreCount, "cores");
        var groups = new List<OarResourceGroup>();
        bool hasNetwork = VlanType is not null || Subnets.Count > 0;
        bool wantsNodes = NodeCount is not null || CoreCount is not null || Clusters.Count > 0 || Filter is not null;
        if (wantsNodes || !hasNetwork) groups.Add(new OarResourceGroup(Hierarchy, NodeFilter));
        if (VlanType is { } vlan) groups.Add(OarResources.Vlan(vlan));
        groups.AddRange(Subnets.Select(ToSubnet));
        return OarResources.Join(groups);
    }

    string Hierarchy => (NodeCount, CoreCount) switch
    {
        (null, { } cores) => Text($"core={cores}"),
        ({ } nodes, { } cores) => Text($"nodes={nodes}/core={cores}"),
        _ => Text($"nodes={NodeCount ?? 1}"),
    };

    string? NodeFilter
    {
        get
        {
            string? clusters = Clusters.Count == 0 ? null : $"cluster in ({string.Join(",", Clusters.Select(Quote))})";
            return (clusters, Filter) switch
            {
                (null, _) => Filter,
                (_, null) => clusters,
                _ => $"{clusters} and ({Filter})",
            };
        }
    }

    static OarResourceGroup ToSubnet(string text) => SubnetText().Match(text) is { Success: true } match
        ? new OarResourceGroup($"slash_{match.Groups["bits"].Value}={(match.Groups["count"] is { Success: true } count ? count.Value : "1")}")
        : throw new G5kException("InvalidSubnet", ErrorKind.InvalidArgument, $"'{text}' is not a subnet that OAR gives.", text,
            "Write its prefix, /16 to /22, and how many if more than one: -Subnet /22 or -Subnet '/22=4'.");

    /// <summary>A name goes into SQL: only what names of clusters are made of is let through.</summary>
    static string Quote(string cluster) => cluster.Length > 0 && cluster.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? $"'{cluster}'"
        : throw new G5kException("InvalidClusterName", ErrorKind.InvalidArgument, $"'{cluster}' is not the name of a cluster.", cluster,
        "Run: Get-G5kCluster");

    static void CheckCount(int? count, string what)
    {
        if (count is <= 0)
            throw new G5kException("InvalidNodeCount", ErrorKind.InvalidArgument, $"The number of {what} must be at least 1, not {count}.", count,
                "Leave it out where none is wanted.");
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*/?(?<bits>1[6-9]|2[0-2])(\s*=\s*(?<count>[1-9][0-9]{0,3}))?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SubnetText();
}
