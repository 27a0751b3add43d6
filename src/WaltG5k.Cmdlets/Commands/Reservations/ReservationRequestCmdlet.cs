using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>What to reserve, as every cmdlet asks it that looks for a slot or reserves one. Where Site and NodeCount stand is up to each.</summary>
public abstract class ReservationRequestCmdlet : OwningCmdlet
{
    internal const string RequestSet = "Request";

    [Parameter(ParameterSetName = RequestSet)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Cluster { get; set; } = [];

    [Parameter(ParameterSetName = RequestSet)]
    [WalltimeConversion]
    public Walltime Walltime { get; set; } = new(TimeSpan.FromHours(1));

    [Parameter(ParameterSetName = RequestSet)]
    public VlanKind Vlan { get; set; }

    [Parameter(ParameterSetName = RequestSet)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? ServerSite { get; set; }

    [Parameter(ParameterSetName = RequestSet)]
    public string? Property { get; set; }

    [Parameter(ParameterSetName = RequestSet)]
    public string[] Type { get; set; } = [];

    internal ReservationRequest ToRequest(SortedDictionary<string, int> nodeCounts, string? serverSite) => new()
    {
        NodeCounts = nodeCounts,
        ServerSite = serverSite,
        Clusters = Cluster,
        Vlan = Vlan,
        Walltime = Walltime,
        Property = Property,
        Types = Type,
    };

    /// <summary>Says when a search has put the start off, and why.</summary>
    internal void TellStart(ReservationPlan? plan)
    {
        if (plan is not { Slot: { } slot, Start: not null } || slot.Wait < TimeSpan.FromMinutes(1)) return;
        if (plan.Request.Start.IsNight && slot.Shortages.All(s => s.Demand == "hours")) return;   // who asks for the night knows that it is day
        string why = slot.WhyNotEarlier.Length > 0 ? $": before, {slot.WhyNotEarlier}" : "";
        Post(() => WriteWarning($"{plan.Name}: it starts {plan.StartText}{why}."));
    }
}
