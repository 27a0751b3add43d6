using System.Globalization;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>What a slot's forecast does not know, in sentences.</summary>
static class SlotRemarks
{
    public static IEnumerable<string> Get(Slot slot, IReadOnlyList<SiteSchedule> schedules)
    {
        foreach (SiteSchedule site in schedules.Where(s => s.Error is not null))
            yield return $"{site.Site} could not be read and has no part in it: {site.Error!.Message}";
        foreach (SlotShare share in slot.Shares.Where(s => s.Source == ScheduleSource.Gantt))
            yield return $"{share.Site} was read with oarstat --gantt: jobs in its queue without a predicted start are not known.";
        foreach (SiteSchedule site in schedules.Where(s => s.LacksReference && slot.Shares.Any(x => x.Site == s.Site)))
            yield return $"The reference data of {site.Site} could not be read: which nodes WalT can boot is guessed from OAR's properties.";
        if (slot.UnplannedJobs is > 0 and { } jobs)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{jobs} job(s) in the queue have no predicted start yet and may come before it.");
    }
}
