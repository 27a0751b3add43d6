using System.Globalization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations.Planning;
using WaltG5k.Core.Reservations.Planning.Reading;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations;

/// <summary>Checks a request against the reference data and turns it into one OAR job per site.</summary>
sealed class ReservationPlanner(IGrid grid, IReporter reporter, ScheduleCache? cache = null)
{
    readonly Grid5000Client _api = new(grid);

    /// <param name="earliest">A start that is searched for is no earlier; null: than now.</param>
    public async Task<ReservationPlan> PlanAsync(ReservationRequest request, DateTimeOffset? earliest = null,
        CancellationToken cancellationToken = default)
    {
        ReservationRequest asked = request;
        CheckCounts(request);
        string[] sites = SitesOf(request);
        IReadOnlyDictionary<string, SiteInfo> known = await CheckSitesAsync(sites, cancellationToken).ConfigureAwait(false);
        await CheckClustersAsync(request, sites, cancellationToken).ConfigureAwait(false);
        CheckDate(request);
        Slot? slot = request.Start.IsSearched ? await SearchAsync(request, earliest, cancellationToken).ConfigureAwait(false) : null;
        if (slot is not null) request = request with { NodeCounts = slot.NodeCounts, VlanSite = slot.VlanSite ?? request.VlanSite };
        string? vlanSite = ChooseVlanSite(request, sites, known);

        Task<ReservationSitePlan>[] plans = [.. sites.Select(site => PlanSiteAsync(request, site, site == vlanSite, cancellationToken))];
        ReservationSitePlan[] planned = await Task.WhenAll(plans).ConfigureAwait(false);
        foreach (string cluster in request.Clusters)
            if (!planned.Any(p => p.Job.Resources.Contains($"'{cluster}'", StringComparison.Ordinal)))
                throw new G5kException("ClusterNotFound", ErrorKind.ObjectNotFound,
                    $"No cluster '{cluster}' of the sites {string.Join(", ", sites)} can be used here.", cluster,
                    $"Run: Get-G5kCluster -Site {string.Join(',', sites)}");
        return new ReservationPlan(request.Name ?? "", request, planned) { Start = slot is null ? request.Start.Date : slot.Request?.Start.Date,
            Asked = asked, Slot = slot };
    }

    /// <summary>The sites with a job: those that give nodes, the server, or the VLAN.</summary>
    static string[] SitesOf(ReservationRequest request) =>
        [.. request.NodeCounts.Keys.Concat(new[] { request.ServerSite, request.Vlan == VlanKind.None ? null : request.VlanSite }.OfType<string>())
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    static void CheckCounts(ReservationRequest request)
    {
        foreach ((string site, int count) in request.NodeCounts)
            if (count <= 0)
                throw new G5kException("InvalidNodeCount", ErrorKind.InvalidArgument,
                    $"The number of nodes at {site} must be at least 1, not {count}.", count, "Leave out a site from which no node is wanted.");
        if (request.NodeCounts.Count == 0 && request.ServerSite is null)
            throw new G5kException("InvalidNodeCount", ErrorKind.InvalidArgument,
                "Nothing to reserve: neither nodes nor a server node are asked for.", request, "Give -Site and -NodeCount.");
    }

    async Task<IReadOnlyDictionary<string, SiteInfo>> CheckSitesAsync(IReadOnlyList<string> sites, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, SiteInfo>(StringComparer.Ordinal);
        await foreach (SiteInfo site in _api.GetSitesAsync(cancellationToken).ConfigureAwait(false)) known[site.Name] = site;
        foreach (string site in sites)
        {
            if (known.ContainsKey(site)) continue;
            IReadOnlyList<string> near = Suggestions.Near(site, known.Keys);
            throw new G5kException("SiteNotFound", ErrorKind.ObjectNotFound,
                $"There is no site '{site}'." + (near.Count > 0 ? $" Did you mean {string.Join(" or ", near)}?" : ""), site,
                $"Sites: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
        }
        return known;
    }

    /// <summary>A mistyped cluster is reported as such, not as a lack of nodes.</summary>
    async Task CheckClustersAsync(ReservationRequest request, IReadOnlyList<string> sites, CancellationToken cancellationToken)
    {
        if (request.Clusters.Count == 0) return;
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (string site in sites)
            await foreach (ClusterInfo cluster in _api.GetClustersAsync(site, cancellationToken).ConfigureAwait(false)) known.Add(cluster.Name);
        if (request.Clusters.FirstOrDefault(c => !known.Contains(c)) is not { } unknown) return;
        IReadOnlyList<string> near = Suggestions.Near(unknown, known);
        throw new G5kException("ClusterNotFound", ErrorKind.ObjectNotFound,
            $"There is no cluster '{unknown}' at {string.Join(", ", sites)}.{(near.Count > 0 ? $" Did you mean {string.Join(" or ", near)}?" : "")}",
            unknown, $"Run: Get-G5kCluster -Site {string.Join(',', sites)}");
    }

    /// <summary>The site whose job takes the VLAN, or null.</summary>
    static string? ChooseVlanSite(ReservationRequest request, string[] sites, IReadOnlyDictionary<string, SiteInfo> known)
    {
        if (request.Vlan == VlanKind.None) return null;
        if (request.Vlan is VlanKind.Local or VlanKind.Routed && sites.Length > 1)
            throw new G5kException("VlanNeedsOneSite", ErrorKind.InvalidArgument,
                $"A {(request.Vlan == VlanKind.Local ? "local" : "routed")} VLAN exists at one site only, but nodes are asked at {string.Join(", ", sites)}.",
                request.Vlan, "Use -Vlan Global for several sites.");
        string site = PreferredVlanSite(request, sites);
        return known[site].Vlans.Count > 0 ? site
            : throw new G5kException("SiteHasNoVlan", ErrorKind.ResourceUnavailable, $"No VLAN can be reserved at {site}.", site,
            "Choose another site: Get-G5kSite shows the VLANs of each.");
    }

    /// <summary>The VLAN comes from the site of the server, where most of the platform's traffic ends; else from the first.</summary>
    public static string PreferredVlanSite(ReservationRequest request, IReadOnlyList<string> sites) =>
        request.VlanSite ?? request.ServerSite ?? sites[0];

    async Task<ReservationSitePlan> PlanSiteAsync(ReservationRequest request, string site, bool holdsVlan, CancellationToken cancellationToken)
    {
        bool holdsServer = request.ServerSite == site;
        int count = request.NodeCounts.GetValueOrDefault(site);
        var groups = new List<OarResourceGroup>();
        if (holdsServer) groups.Add(OarResources.Nodes(1, await ServerFilterAsync(site, request, cancellationToken).ConfigureAwait(false)));
        if (count > 0 && request.ClusterCounts.TryGetValue(site, out IReadOnlyDictionary<string, int>? clusters))
        {
            foreach ((string cluster, int nodes) in clusters.OrderBy(c => c.Key, StringComparer.Ordinal))
                groups.Add(OarResources.Nodes(nodes, await NodeFilterAsync(site, nodes,
                    request with { Clusters = cluster.Length > 0 ? [cluster] : [] }, cancellationToken).ConfigureAwait(false)));
        }
        else if (count > 0)
        {
            groups.Add(OarResources.Nodes(count, await NodeFilterAsync(site, count, request, cancellationToken).ConfigureAwait(false)));
        }
        if (request.Subnets.TryGetValue(site, out string? subnets)) groups.Insert(0, new OarResourceGroup(subnets));
        if (holdsVlan) groups.Add(OarResources.Vlan(
            request.Vlan switch { VlanKind.Local => "kavlan-local", VlanKind.Routed => "kavlan", _ => "kavlan-global" }));
        var job = new OarJobRequest
        {
            Resources = OarResources.Join(groups),
            Walltime = request.Walltime,
            Name = request.Name,
            Types = [.. request.Deploys ? (string[])["deploy"] : [], .. request.Types.Where(t => t != "deploy").Distinct(StringComparer.Ordinal)],
            Command = holdsServer ? request.MainCommand : null,
        };
        return new ReservationSitePlan(site, job, holdsServer, holdsVlan, count);
    }

    async Task<string> ServerFilterAsync(string site, ReservationRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<ClusterInfo> able = await _api.GetServerClustersAsync(site, cancellationToken).ConfigureAwait(false);
        if (able.Count == 0)
            throw new G5kException("NoServerCluster", ErrorKind.ResourceUnavailable,
                $"No cluster of {site} has nodes with two network adapters under KaVLAN, as a WalT server needs.", site,
                "Put the server elsewhere (Get-G5kNode -WaltServer lists the candidates) and borrow nodes of this site with -Vlan Global.");
        // A cluster asked for by name holds for the server too, where it can: then one switch serves all.
        string[] wanted = [.. able.Select(c => c.Name).Where(c => request.Clusters.Contains(c))];
        return $"eth_kavlan_count>1 and {ClusterFilter(wanted.Length > 0 ? wanted : [.. able.Select(c => c.Name)])}";
    }

    async Task<string?> NodeFilterAsync(string site, int count, ReservationRequest request, CancellationToken cancellationToken)
    {
        bool forWalt = request.ServerSite is not null;
        var candidates = new List<ClusterInfo>();
        if (forWalt) candidates.AddRange(await _api.GetWaltNodeClustersAsync(site, cancellationToken).ConfigureAwait(false));
        else await foreach (ClusterInfo cluster in _api.GetClustersAsync(site, cancellationToken).ConfigureAwait(false)) candidates.Add(cluster);
        if (request.Clusters.Count > 0) candidates.RemoveAll(c => !request.Clusters.Contains(c.Name));
        candidates.RemoveAll(c => request.Excluded.Contains(c.Name));
        int available = candidates.Sum(c => c.NodeCount);
        if (available < count)
            throw new G5kException("NotEnoughNodes", ErrorKind.LimitsExceeded,
                $"{site} has {available} node(s) {(forWalt ? "that WalT can boot" : "of this kind")}{(request.Clusters.Count > 0 ? $" in {string.Join(", ", request.Clusters)}" : "")}, but {count} are asked for.", site,
                forWalt ? $"Run: Get-G5kNode -Site {site} -WaltNode" : $"Run: Get-G5kCluster -Site {site}");
        string? clusters = forWalt || request.Clusters.Count > 0 ? ClusterFilter([.. candidates.Select(c => c.Name)]) : null;
        string[] own = [.. new[] { clusters, Unwanted(request, "cluster", e => !e.Contains('-', StringComparison.Ordinal)),
            Unwanted(request, "host", e => e.Contains('-', StringComparison.Ordinal)),
            request.ForMachines ? "virtual != 'none'" : null }.OfType<string>()];
        if (own.Length == 0) return request.Property;
        return string.Join(" and ", request.Property is { } property ? [.. own, $"({property})"] : own);
    }

    /// <summary>A node has a number behind a hyphen, a cluster has not; OAR knows nodes by their full names.</summary>
    static string? Unwanted(ReservationRequest request, string column, Func<string, bool> isOne)
    {
        string[] names = [.. request.Excluded.Where(isOne)];
        return names.Length == 0 ? null : $"{column} not in ({string.Join(",", names.Order(StringComparer.Ordinal).Select(n => $"'{n}'"))})";
    }

    static string ClusterFilter(IReadOnlyList<string> clusters) =>
        $"cluster in ({string.Join(",", clusters.Order(StringComparer.Ordinal).Select(c => $"'{c}'"))})";

    void CheckDate(ReservationRequest request)
    {
        DateTimeOffset now = grid.Time.GetUtcNow();
        if (request.Start.Date is { } date && date <= now)
            throw new G5kException("StartInThePast", ErrorKind.InvalidArgument,
                $"The start {date.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)} lies in the past.", date,
                "Give a later date, or leave -Start out to begin now.");
        if (request.Start.IsNight && UsageCalendar.FindNight(now, request.Walltime.Duration) is null)
            throw new G5kException("WalltimeTooLongForNight", ErrorKind.LimitsExceeded,
                $"A walltime of {request.Walltime} fits into no night or week-end.", request.Walltime,
                "Shorten -Walltime, or give a date with -Start.");
    }

    /// <summary>
    /// The date at which the request fits; the VLAN stays with the sites that give nodes. Null where nobody tells what is planned: the first date is
    /// then found with OAR, refusal by refusal, as for a start now.
    /// </summary>
    async Task<Slot?> SearchAsync(ReservationRequest request, DateTimeOffset? earliest, CancellationToken cancellationToken)
    {
        var search = new SlotRequest
        {
            Reservation = request.Vlan == VlanKind.Global ? request with { VlanSite = PreferredVlanSite(request, SitesOf(request)) } : request,
            Subnets = SubnetsOf(request),
            Excluded = request.Excluded,
            Earliest = earliest,
            Latest = request.LatestStart,
            Hours = request.Start.IsNight ? SlotHours.Night : SlotHours.Policy,
            Criterion = request.Start.IsMax ? SlotCriterion.Max : SlotCriterion.Free,
        };
        try
        {
            Slot slot = await FindAsync(search, cancellationToken).ConfigureAwait(false);
            reporter.Verbose(
                $"{request.Start} is {GridZone.Format(slot.Start)}{(slot.WhyNotEarlier.Length > 0 ? $": before, {slot.WhyNotEarlier}" : "")}.");
            return slot;
        }
        catch (G5kException e) when (request.Start.IsFirst && e.Code == "ScheduleUnavailable")
        {
            reporter.Warning($"{e.Message} The first date is asked from OAR itself.");
            return null;
        }
    }

    /// <summary>The most that any of the sites is asked for.</summary>
    static Dictionary<int, int> SubnetsOf(ReservationRequest request) => request.Subnets.Values.Select(s => s["slash_".Length..].Split('='))
        .GroupBy(s => int.Parse(s[0], CultureInfo.InvariantCulture), s => int.Parse(s[1], CultureInfo.InvariantCulture))
        .ToDictionary(g => g.Key, g => g.Max());

    /// <summary>
    /// A job that is longer than any stretch the usage policy leaves is looked for at any hour: OAR takes it, and the user is told.
    /// </summary>
    async Task<Slot> FindAsync(SlotRequest search, CancellationToken cancellationToken)
    {
        var planner = new SlotPlanner(grid, reporter, cache);
        try { return (await planner.FindAsync(search, cancellationToken).ConfigureAwait(false))[0]; }
        catch (G5kException e) when (e.Code == "NoSuchHours" && search.Hours == SlotHours.Policy)
        {
            reporter.Warning($"{e.Message} It is reserved all the same: mind the usage policy.");
            return (await planner.FindAsync(search with { Hours = SlotHours.Any }, cancellationToken).ConfigureAwait(false))[0];
        }
    }
}
