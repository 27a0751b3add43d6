using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>New-G5kReservation: nodes of one or several sites, all or nothing.</summary>
[Cmdlet(VerbsCommon.New, "G5kReservation", SupportsShouldProcess = true, DefaultParameterSetName = RequestSet)]
[OutputType(typeof(Reservation))]
public sealed class NewG5kReservationCommand : OwningCmdlet
{
    const string RequestSet = "Request", JobSet = "Job";

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
    [StartConversion]
    public ReservationStart Start { get; set; } = ReservationStart.Now;

    [Parameter(ParameterSetName = RequestSet)]
    public string? Property { get; set; }

    [Parameter(ParameterSetName = RequestSet)]
    public string[] Type { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = JobSet)]
    [OarJobConversion]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef[] JobId { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(ReservationCompleter))]
    public string? Name { get; set; }

    protected override Task EndAsync(CancellationToken cancellationToken) =>
        ParameterSetName == JobSet ? AdoptAsync(cancellationToken) : ReserveAsync(cancellationToken);

    async Task ReserveAsync(CancellationToken cancellationToken)
    {
        ReservationService service = Reservations;
        ReservationPlan plan = await service.PlanAsync(ToRequest(), cancellationToken).ConfigureAwait(false);
        if (plan.Existing is { } existing)
        {
            Post(() => WriteWarning($"Reservation {existing.Name} exists already: it is used again."));
            Show(existing);
            return;
        }
        bool isAccepted = true;
        foreach (ReservationSitePlan site in plan.Sites)
            isAccepted &= await ConfirmAsync($"site {site.Site}", OarClient.GetCommandLine(site.Job)).ConfigureAwait(false);
        if (!isAccepted) return;   // all or nothing: one refusal is enough
        Reservation reservation = await service.SubmitAsync(plan, cancellationToken).ConfigureAwait(false);
        Own(() => service.ReleaseAsync(reservation, CancellationToken.None));
        Show(reservation);
    }

    async Task AdoptAsync(CancellationToken cancellationToken)
    {
        if (!await ConfirmAsync(string.Join<OarJobRef>(", ", JobId), "Make a reservation of these jobs").ConfigureAwait(false)) return;
        Show(await Reservations.AdoptAsync([.. JobId.Select(j => (j.Site, j.Id))], Name, cancellationToken).ConfigureAwait(false));
    }

    ReservationRequest ToRequest() => new()
    {
        Name = Name,
        NodeCounts = PlatformSites.Counts(Site, NodeCount),
        ServerSite = ServerNode || ServerSite is not null ? PlatformSites.Server(ServerSite, Site, NodeCount) : null,
        Clusters = Cluster,
        Vlan = Vlan,
        Walltime = Walltime,
        Start = Start,
        Property = Property,
        Types = Type,
    };

    void Show(Reservation reservation)
    {
        ReservationMemory.Remember(Session, reservation);
        Write(reservation);
    }
}
