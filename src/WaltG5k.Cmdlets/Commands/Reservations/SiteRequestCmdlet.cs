using System.Management.Automation;
using WaltG5k.Completers;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>A request that begins with its sites, or leaves them to be found.</summary>
public abstract class SiteRequestCmdlet : ReservationRequestCmdlet
{
    [Parameter(Position = 0, ParameterSetName = RequestSet)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter(Position = 1, ParameterSetName = RequestSet)]
    [Alias("Nodes")]
    [NodeCountConversion]
    public NodeCounts NodeCount { get; set; } = new(1);

    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter ServerNode { get; set; }

    internal bool WantsServer => ServerNode || ServerSite is not null;
    /// <summary>Whether any site is named.</summary>
    internal bool NamesSites => Site.Length > 0 || NodeCount.BySite.Count > 0;

    /// <summary>The request; without sites, one that still has to find them.</summary>
    internal ReservationRequest ToRequest() => ToRequest(NodeCount.For(Site),
        WantsServer && (NamesSites || ServerSite is not null) ? PlatformSites.Server(ServerSite, Site, NodeCount) : null);
}
