using System.Management.Automation;
using WaltG5k.Completers;
using WaltG5k.Core.Reservations.Planning;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Find-G5kSlot: when and where a reservation fits.</summary>
[Cmdlet(VerbsCommon.Find, "G5kSlot", DefaultParameterSetName = RequestSet)]
[OutputType(typeof(Slot))]
public sealed class FindG5kSlotCommand : SiteRequestCmdlet
{
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? MinNodeCount { get; set; }

    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? MaxNodeCount { get; set; }

    [Parameter]
    [SubnetConversion]
    public SubnetCounts Subnet { get; set; } = new("");

    [Parameter]
    [ValidateRange(0, 100)]
    public int Disk { get; set; }

    [Parameter]
    [DateConversion]
    public DateTimeOffset? Earliest { get; set; }

    [Parameter]
    [DateConversion]
    public DateTimeOffset? Latest { get; set; }

    [Parameter]
    [DateConversion]
    public DateTimeOffset? Deadline { get; set; }

    [Parameter]
    [DateConversion]
    public DateTimeOffset? At { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Exclude { get; set; } = [];

    [Parameter]
    public SlotCriterion Criterion { get; set; }

    [Parameter]
    public SlotHours During { get; set; }

    [Parameter]
    public SwitchParameter Night { get; set; }

    [Parameter]
    public SwitchParameter Weekend { get; set; }

    [Parameter]
    public SwitchParameter LongestWalltime { get; set; }

    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (Slot slot in await Planner.FindAsync(ToSlotRequest(), cancellationToken).ConfigureAwait(false)) Write(slot);
    }

    SlotRequest ToSlotRequest() => new()
    {
        Reservation = ToRequest(),
        AnySiteCount = NodeCount.Count ?? 1,
        AnySiteServer = WantsServer,
        MinNodeCount = MinNodeCount,
        MaxNodeCount = MaxNodeCount,
        Subnets = Subnet.ByPrefixLength,
        Disks = Disk,
        Earliest = At ?? Earliest,
        Latest = At ?? Latest,
        Deadline = Deadline,
        Hours = ChosenHours(),
        Excluded = Exclude,
        Criterion = Criterion,
        LongestWalltime = LongestWalltime,
        MaximumSlots = Count,
    };

    /// <summary>A date that somebody names is his choice: it is looked at whatever the hours.</summary>
    SlotHours ChosenHours()
    {
        if ((Night ? 1 : 0) + (Weekend ? 1 : 0) + (During != SlotHours.Policy ? 1 : 0) > 1) throw Failures.HoursConflict();
        return Night ? SlotHours.Night : Weekend ? SlotHours.Weekend : At is not null && During == SlotHours.Policy ? SlotHours.Any : During;
    }
}
