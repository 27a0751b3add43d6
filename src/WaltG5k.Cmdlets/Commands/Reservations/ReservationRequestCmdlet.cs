using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>What to reserve, as the cmdlets ask it that look for a slot or reserve one.</summary>
public abstract class ReservationRequestCmdlet : OwningCmdlet
{
    internal const string RequestSet = "Request";

    [Parameter(Position = 0, ParameterSetName = RequestSet)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter(Position = 1, ParameterSetName = RequestSet)]
    [Alias("Nodes")]
    [NodeCountConversion]
    public NodeCounts NodeCount { get; set; } = new(1);

    [Parameter(ParameterSetName = RequestSet)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Cluster { get; set; } = [];

    [Parameter(ParameterSetName = RequestSet)]
    [WalltimeConversion]
    public Walltime Walltime { get; set; } = new(TimeSpan.FromHours(1));

    [Parameter(ParameterSetName = RequestSet)]
    public VlanKind Vlan { get; set; }

    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter ServerNode { get; set; }

    [Parameter(ParameterSetName = RequestSet)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? ServerSite { get; set; }

    [Parameter(ParameterSetName = RequestSet)]
    public string? Property { get; set; }

    [Parameter(ParameterSetName = RequestSet)]
    public string[] Type { get; set; } = [];

    internal bool WantsServer => ServerNode || ServerSite is not null;
    /// <summary>Whether any site is named.</summary>
    internal bool NamesSites => Site.Length > 0 || NodeCount.BySite.Count > 0;

    /// <summary>The request; without sites, one that still has to find them.</summary>
    internal ReservationRequest ToRequest() => new()
    {
        NodeCounts = NodeCount.For(Site),
        ServerSite = WantsServer && (NamesSites || ServerSite is not null) ? PlatformSites.Server(ServerSite, Site, NodeCount) : null,
        Clusters = Cluster,
        Vlan = Vlan,
        Walltime = Walltime,
        Property = Property,
        Types = Type,
    };
}
