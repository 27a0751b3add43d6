using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations.Planning.Reading;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>
/// Finds when and where a reservation fits: reads the schedules of the sites it concerns, all at once, and searches them. Reserves nothing.
/// </summary>
public sealed class SlotPlanner(IGrid grid, IReporter reporter, ScheduleCache? cache = null)
{
    /// <summary>
    /// How long a site may be silent: then it is left out and named. Real time, whatever the clock of the grid: it is the network's.
    /// </summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A start nearer than this is "now": its date is fixed at the moment of submission.</summary>
    static readonly TimeSpan s_soon = TimeSpan.FromSeconds(15);

    readonly ScheduleCache _cache = cache ?? new ScheduleCache();
    readonly Grid5000Client _reference = new(grid);

    /// <summary>The slots, best first; with several possible sites those of all of them together.</summary>
    /// <exception cref="G5kException">
    /// <c>NoSlot</c> (with <c>Shortages</c> in Data), <c>NotEnoughResources</c>, <c>NoSuchHours</c>, <c>ScheduleUnavailable</c>, <c>SiteNotFound</c>,
    /// <c>ClusterNotFound</c>, <c>InvalidNodeCount</c>, <c>InvalidWindow</c>, <c>StartInThePast</c>, …
    /// </exception>
    public async Task<IReadOnlyList<Slot>> FindAsync(SlotRequest request, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = grid.Time.GetUtcNow();
        SlotQueries.GetWindow(request, now);   // a wrong date is told before anything is read
        string[] known = await GetSitesAsync(request.Reservation, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ReservationRequest> variants = GetVariants(request, known);
        string[] sites = [.. variants.SelectMany(SlotQueries.GetSites).Distinct(StringComparer.Ordinal)];
        foreach (string site in sites) CheckName("Site", site, known, "Get-G5kSite");
        string[] vlanSites = request.Reservation.Vlan == VlanKind.Global ? [.. known.Except(sites)] : [];
        IReadOnlyList<SiteSchedule> schedules =
            await new ScheduleReader(grid, reporter, _cache, SilenceLimit) { AreAlternatives = variants.Count > 1 }.ReadAsync(sites, vlanSites,
            BusyPeriod.DefaultGuard, cancellationToken).ConfigureAwait(false);
        CheckClusters(request, schedules, sites);
        string[] readable = [.. schedules.Where(s => s.Error is null).Select(s => s.Site).Where(sites.Contains)];
        IReadOnlySet<string>? hosts = request.Reservation.Property is { } property
            ? await FindHostsAsync(readable, property, cancellationToken).ConfigureAwait(false)
            : null;
        IReadOnlyList<Slot> slots = Search(request, variants, schedules, hosts, now);
        return await new QuotaCheck(grid, reporter).AttachAsync(slots, schedules, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The sites there are. Where the API is down the names that were given have to do: OAR on the front-ends still knows what is planned there.
    /// </summary>
    async Task<string[]> GetSitesAsync(ReservationRequest reservation, CancellationToken cancellationToken)
    {
        try
        {
            var known = new List<string>();
            await foreach (SiteInfo site in _reference.GetSitesAsync(cancellationToken).ConfigureAwait(false)) known.Add(site.Name);
            return [.. known];
        }
        catch (G5kException e) when (e.Code is "ApiUnreachable" or "ApiTimeout")
        {
            string[] named = SlotQueries.GetSites(reservation);
            if (named.Length == 0) named = [.. grid.OwnSites];
            if (named.Length == 0) throw;
            reporter.Warning($"{e.Message} Only {string.Join(", ", named)} can be looked at, through OAR.");
            return [.. named.Concat(reservation.VlanSite is { } vlan ? [vlan] : []).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>The reservation as it is asked for, or one for each site that could give it alone.</summary>
    static IReadOnlyList<ReservationRequest> GetVariants(SlotRequest request, string[] known) =>
        request.Reservation.NodeCounts.Count > 0 || request.Reservation.ServerSite is not null
            ? [request.Reservation]
            : [.. known.Select(site => request.Reservation with
            {
                NodeCounts = new SortedDictionary<string, int>(StringComparer.Ordinal) { [site] = request.AnySiteCount },
                ServerSite = request.AnySiteServer ? site : null,
            })];

    static List<Slot> Search(SlotRequest request, IReadOnlyList<ReservationRequest> variants, IReadOnlyList<SiteSchedule> schedules,
        IReadOnlySet<string>? hosts, DateTimeOffset now)
    {
        var slots = new List<Slot>();
        var refusals = new List<G5kException>();
        foreach (ReservationRequest variant in variants)
        {
            string[] sites = SlotQueries.GetSites(variant);
            SiteSchedule[] used = [.. schedules.Where(s => sites.Contains(s.Site) || variant.Vlan == VlanKind.Global)];
            if (used.FirstOrDefault(s => s.Error is not null && sites.Contains(s.Site)) is { } unread)
            {
                refusals.Add(unread.Error!);
                continue;
            }
            SlotQuery query = SlotQueries.Build(request, variant, hosts, now);
            if (request.LongestWalltime)
                query = query with { Latest = query.Earliest, Walltime = SlotFinder.FindLongestWalltime(query, used) ?? query.Walltime };
            SlotSearch found = SlotFinder.Find(query, used, now);
            if (found.Refusal is { } refusal) refusals.Add(refusal);
            slots.AddRange(SlotAlternatives.Attach(found.Slots, query, used).Select(s => Complete(s, variant, schedules)));
        }
        if (slots.Count == 0) throw Summarize(refusals);
        IOrderedEnumerable<Slot> ordered = request.LongestWalltime ? slots.OrderByDescending(s => s.Walltime)
            : request.Criterion == SlotCriterion.Max ? slots.OrderByDescending(s => s.NodeCount).ThenBy(s => s.Start)
            : slots.OrderBy(s => s.Start).ThenByDescending(s => s.NodeCount);
        return [.. ordered.ThenBy(s => s.Shares.Count).ThenBy(s => s.Shares.Sum(x => x.Clusters.Count)).ThenBy(s => s.Shares.Sum(x => x.StandbyCount))
            .ThenBy(s => string.Join(',', s.Sites), StringComparer.Ordinal).Take(request.MaximumSlots)];
    }

    static Slot Complete(Slot slot, ReservationRequest asked, IReadOnlyList<SiteSchedule> schedules) => slot with
    {
        UnreadSites = [.. schedules.Where(s => s.Error is not null).Select(s => s.Site)],
        Remarks = [.. SlotRemarks.Get(slot, schedules)],
        Request = asked with
        {
            NodeCounts = slot.NodeCounts,
            Walltime = slot.Walltime,
            VlanSite = slot.VlanSite,
            Start = slot.Wait <= s_soon ? ReservationStart.Now : ReservationStart.At(slot.Start),
        },
    };

    /// <summary>Of several sites that all refuse, the one that is nearest to giving it speaks; the others are counted.</summary>
    static G5kException Summarize(List<G5kException> refusals)
    {
        G5kException first = refusals.Find(r => r.Code == "NoSlot") ?? refusals[0];
        if (refusals.Count == 1) return first;
        return new G5kException(first.Code, first.Kind, $"None of {refusals.Count} sites can give it. For one of them: {first.Message}",
            first.Target, first.Recommendation, first);
    }

    static void CheckClusters(SlotRequest request, IReadOnlyList<SiteSchedule> schedules, string[] sites)
    {
        // A site that could not be read may have the cluster.
        if (schedules.Any(s => s.Error is not null)) return;
        string[] clusters = [.. schedules.SelectMany(s => s.Nodes).Select(n => n.Cluster).Distinct()];
        foreach (string cluster in request.Reservation.Clusters)
            CheckName("Cluster", cluster, clusters, $"Get-G5kCluster -Site {string.Join(',', sites)}");
        HashSet<string> nodes = [.. schedules.SelectMany(s => s.Nodes).SelectMany(n => (string[])[n.Name, n.Name.Split('.')[0]])];
        foreach (string name in request.Excluded.Where(e => !nodes.Contains(e)))
            CheckName(name.Contains('-', StringComparison.Ordinal) ? "Node" : "Cluster", name,
                name.Contains('-', StringComparison.Ordinal) ? [.. nodes] : clusters, $"Get-G5kNode -Site {string.Join(',', sites)}");
    }

    static void CheckName(string what, string name, IReadOnlyList<string> known, string command)
    {
        if (known.Contains(name)) return;
        IReadOnlyList<string> near = Suggestions.Near(name, known);
        throw new G5kException($"{what}NotFound", ErrorKind.ObjectNotFound,
            $"There is no {what.ToLowerInvariant()} '{name}'.{(near.Count > 0 ? $" Did you mean {string.Join(" or ", near)}?" : "")}", name,
            $"Run: {command}");
    }

    /// <summary>Which nodes have a property only OAR can tell: the condition is its SQL.</summary>
    async Task<IReadOnlySet<string>> FindHostsAsync(string[] sites, string property, CancellationToken cancellationToken)
    {
        IReadOnlyList<string>[] found = await Task.WhenAll(sites.Select(site => FindHostsAsync(site, property, cancellationToken)))
            .ConfigureAwait(false);
        return found.SelectMany(h => h).ToHashSet(StringComparer.Ordinal);
    }

    async Task<IReadOnlyList<string>> FindHostsAsync(string site, string property, CancellationToken cancellationToken)
    {
        if (_cache.FindHosts(site, property, grid.Time.GetUtcNow()) is { } kept) return kept;
        IReadOnlyList<string> hosts = await OarClient.For(grid, site).GetHostsAsync(property, cancellationToken).ConfigureAwait(false);
        _cache.Keep(site, property, hosts, grid.Time.GetUtcNow());
        return hosts;
    }
}
