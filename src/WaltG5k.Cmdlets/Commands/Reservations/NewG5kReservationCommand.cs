using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>New-G5kReservation: nodes of one or several sites, all or nothing.</summary>
[Cmdlet(VerbsCommon.New, "G5kReservation", SupportsShouldProcess = true, DefaultParameterSetName = RequestSet)]
[OutputType(typeof(Reservation))]
public sealed class NewG5kReservationCommand : SiteRequestCmdlet
{
    const string JobSet = "Job", SlotSet = "Slot";
    readonly List<Slot> _slots = [];

    [Parameter(ParameterSetName = RequestSet)]
    [StartConversion]
    public ReservationStart Start { get; set; } = ReservationStart.Now;

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = SlotSet)]
    public Slot[] Slot { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = JobSet)]
    [OarJobConversion]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef[] JobId { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(ReservationCompleter))]
    public string? Name { get; set; }

    protected override void ProcessRecord() => _slots.AddRange(Slot);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (ParameterSetName == JobSet) await AdoptAsync(cancellationToken).ConfigureAwait(false);
        else if (_slots.Count > 0)
            foreach (Slot slot in _slots) await ReserveAsync(FromSlot(slot), cancellationToken).ConfigureAwait(false);
        // An upstream that found no slot leaves nothing to do.
        else if (NamesSites || WantsServer || !MyInvocation.ExpectingInput)
            await ReserveAsync(await ToDatedRequestAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    async Task ReserveAsync(ReservationRequest request, CancellationToken cancellationToken)
    {
        ReservationService service = Reservations;
        ReservationPlan plan = await service.PlanAsync(request, cancellationToken).ConfigureAwait(false);
        if (plan.Existing is { } existing)
        {
            Post(() => WriteWarning($"Reservation {existing.Name} exists already: it is used again."));
            Show(existing);
            return;
        }
        TellStart(plan);
        bool isAccepted = true;
        foreach (ReservationSitePlan site in plan.Sites)
            isAccepted &= await ConfirmAsync($"site {site.Site}, {plan.StartText}", OarClient.GetCommandLine(site.Job)).ConfigureAwait(false);
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

    /// <summary>
    /// A search over all sites ends here with one of them, as if it had been named; the date is up to the reservation itself, which may have to
    /// search anew.
    /// </summary>
    async Task<ReservationRequest> ToDatedRequestAsync(CancellationToken cancellationToken)
    {
        ReservationRequest request = ToRequest() with { Name = Name, Start = Start };
        if (NamesSites || ServerSite is not null) return request with { NodeCounts = PlatformSites.Counts(Site, NodeCount) };
        if (!Start.IsSearched) throw Failures.SiteMissing();
        IReadOnlyList<Slot> slots = await Planner.FindAsync(new SlotRequest
        {
            Reservation = request,
            AnySiteCount = NodeCount.Count ?? 1,
            AnySiteServer = WantsServer,
            Hours = Start.IsNight ? SlotHours.Night : SlotHours.Policy,
            Criterion = Start.IsMax ? SlotCriterion.Max : SlotCriterion.Free,
        }, cancellationToken).ConfigureAwait(false);
        ReservationRequest chosen = FromSlot(slots[0]);
        return request with { NodeCounts = chosen.NodeCounts.ToDictionary(c => c.Key, _ => NodeCount.Count ?? 1), ServerSite = chosen.ServerSite,
            VlanSite = chosen.VlanSite };
    }

    /// <exception cref="G5kException"><c>SlotHasNoRequest</c>: it came from another process, as data.</exception>
    ReservationRequest FromSlot(Slot slot) => (slot.Request ?? throw Failures.SlotHasNoRequest()) with { Name = Name };

    void Show(Reservation reservation)
    {
        ReservationMemory.Remember(Session, reservation);
        Write(reservation);
    }
}
