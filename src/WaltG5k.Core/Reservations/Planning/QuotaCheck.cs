using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>
/// Tells what a slot takes of the user's share of the day hours: from the site's own checker (<c>usagepolicycheck</c>) where the front-end has it,
/// else estimated from the cores of the clusters.
/// </summary>
sealed class QuotaCheck(IGrid grid, IReporter reporter)
{
    const long QuotaSeconds = 7200;
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<Slot>> AttachAsync(IReadOnlyList<Slot> slots, IReadOnlyList<SiteSchedule> schedules,
        CancellationToken cancellationToken)
    {
        string[] sites = [.. slots.Where(s => GetDaySeconds(s) > 0).SelectMany(s => s.Shares.Where(x => x.Clusters.Count > 0).Select(x => x.Site))
            .Distinct().Order(StringComparer.Ordinal)];
        if (sites.Length == 0) return slots;
        using JsonDocument? answer = await AskAsync(sites, cancellationToken).ConfigureAwait(false);
        return [.. slots.Select(s => s with { Quotas = [.. GetQuotas(s, schedules, answer?.RootElement)] })];
    }

    /// <summary>The checker's answer, or null where there is none: an estimate must do.</summary>
    async Task<JsonDocument?> AskAsync(string[] sites, CancellationToken cancellationToken)
    {
        try
        {
            CommandResult result = await grid.GetFrontend(sites[0])
                .RunAsync(new CommandRequest("usagepolicycheck", "-t", "--sites", string.Join(',', sites)) { Timeout = s_timeout }, null,
                cancellationToken).ConfigureAwait(false);
            if (result.ExitStatus == 0) return JsonDocument.Parse(result.Output);
            reporter.Verbose(
                $"usagepolicycheck at {sites[0]} ended with status {result.ExitStatus}: the share of the day is estimated. {result.LastLines(1)}");
        }
        catch (Exception e) when (e is G5kException or JsonException)
        {
            reporter.Verbose($"usagepolicycheck at {sites[0]} gave no answer: the share of the day is estimated. {e.Message}");
        }
        return null;
    }

    static IEnumerable<UsageQuota> GetQuotas(Slot slot, IReadOnlyList<SiteSchedule> schedules, JsonElement? answer)
    {
        long seconds = GetDaySeconds(slot);
        if (seconds == 0) yield break;
        foreach (SlotShare share in slot.Shares)
        {
            foreach ((string cluster, int count) in share.Clusters)
            {
                NodeElement[] nodes = [.. schedules.Where(s => s.Site == share.Site).SelectMany(s => s.Nodes).Where(n => n.Cluster == cluster)];
                long cores = nodes.Length > 0 ? nodes.Max(n => n.Cores) : 0;
                long? limit = answer?.GetObject("limits")?.GetObject(share.Site)?.GetObject(cluster)?.GetLong("time");
                yield return new UsageQuota(cluster, share.Site)
                {
                    Wanted = cores * count * seconds,
                    Used = limit is not null && IsSameDay(slot, answer!.Value)
                    ? answer.Value.GetObject("total_jobs")?.GetObject(share.Site)?.GetLong(cluster) ?? 0
                    : null,
                    Limit = limit ?? nodes.Where(n => n.Health != NodeHealth.Dead).Sum(n => (long)n.Cores) * QuotaSeconds,
                    IsChecked = limit is not null,
                };
            }
        }
    }

    /// <summary>The checker counts jobs of one day only.</summary>
    static bool IsSameDay(Slot slot, JsonElement answer) =>
        slot.Start.ToUnixTimeSeconds() < answer.GetLong("stop_time") && slot.End.ToUnixTimeSeconds() > answer.GetLong("start_time");

    /// <summary>Seconds of the slot in day hours.</summary>
    static long GetDaySeconds(Slot slot) => UsageCalendar.GetPeriods(slot.Start, slot.End).Where(p => p.IsDay)
        .Sum(p => Math.Max(0, Math.Min(p.End.ToUnixTimeSeconds(), slot.End.ToUnixTimeSeconds()) - Math.Max(p.Start.ToUnixTimeSeconds(),
        slot.Start.ToUnixTimeSeconds())));
}
