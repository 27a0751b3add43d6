using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;
using WaltG5k.Core.Reservations.Planning.Reading;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;
using SubnetDemand = WaltG5k.Core.VirtualMachines.Addresses.SubnetDemand;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>
/// Which hosts to reserve for machines: those that a topology or the user names, or the cluster that can have them soonest with the fewest hosts.
/// </summary>
sealed class VMHostChooser(IGrid grid, IReporter reporter)
{
    /// <summary>A start that is this near is as good as now.</summary>
    static readonly TimeSpan s_soon = TimeSpan.FromMinutes(2);

    readonly Grid5000Client _api = new(grid);
    readonly ScheduleCache _schedules = new();

    /// <param name="Nodes">The hardware of one of its nodes, and how many there are.</param>
    sealed record Candidate(string Site, string Cluster, VMHost Model, int Nodes, int Wanted);

    /// <summary>What to reserve, and why.</summary>
    public async Task<(ReservationRequest Request, string Why)> ChooseAsync(VMDeploymentRequest request, CancellationToken cancellationToken)
    {
        ReservationRequest reserve = request.Reserve! with { ForMachines = true, Deploys = request.Environment is not null,
            Excluded = request.Wish.Excluded };
        if (request.Topology is { } topology) return (
            WithSubnets(reserve with { NodeCounts = CountBySite(topology),
            ClusterCounts = await CountByClusterAsync(topology, cancellationToken).ConfigureAwait(false) },
            request, s => topology.Hosts.Where(h => h.Site == s).Sum(h => h.Machines.Count)), "as the topology says");
        IReadOnlyList<Candidate> all = await FindCandidatesAsync(request, cancellationToken).ConfigureAwait(false);
        if (request.Wish.Counts.Count > 0)
        {
            RequireRoom(request, all);
            return (WithSubnets(reserve with { NodeCounts =
                new SortedDictionary<string, int>(request.Wish.Counts.ToDictionary(), StringComparer.Ordinal), Clusters = request.Wish.Clusters },
                request, _ => request.Machines.Count), "as many as asked for");
        }
        List<Candidate> able = [.. all.Where(c => c.Wanted > 0 && c.Wanted <= c.Nodes).OrderBy(c => c.Wanted)
            .ThenBy(c => c.Site, StringComparer.Ordinal).ThenBy(c => c.Cluster, StringComparer.Ordinal)];
        if (able.Count == 0) throw NoCluster(request, all);
        (Candidate chosen, string why) = await PickAsync(able, reserve, request, cancellationToken).ConfigureAwait(false);
        return (WithSubnets(reserve with { NodeCounts = new Dictionary<string, int> { [chosen.Site] = chosen.Wanted }, Clusters = [chosen.Cluster] },
            request, _ => request.Machines.Count), why);
    }

    static ReservationRequest WithSubnets(ReservationRequest reserve, VMDeploymentRequest request, Func<string, int> machinesAt) =>
        request.Vlan != VlanKind.None ? reserve : reserve with
    {
        Subnets = reserve.NodeCounts.Keys.ToDictionary(s => s, s => SubnetDemand.For(Math.Max(1, machinesAt(s))).ToString(), StringComparer.Ordinal),
    };

    static SortedDictionary<string, int> CountBySite(VMTopology topology)
    {
        VMHost? nowhere = topology.Hosts.FirstOrDefault(h => h.Site.Length == 0);
        if (nowhere is not null)
            throw new G5kException("HostWithoutSite", ErrorKind.InvalidData, $"The topology does not say at which site {nowhere.Name} is.",
                nowhere.Name, "Put the host into a site and a cluster, or give the machines alone.");
        return new SortedDictionary<string, int>(topology.Hosts.GroupBy(h => h.Site).ToDictionary(g => g.Key, g => g.Count()),
            StringComparer.Ordinal);
    }

    async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>> CountByClusterAsync(VMTopology topology,
        CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, IReadOnlyDictionary<string, int>>(StringComparer.Ordinal);
        foreach (IGrouping<string, VMHost> site in topology.Hosts.GroupBy(h => h.Site))
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            await foreach (ClusterInfo cluster in _api.GetClustersAsync(site.Key, cancellationToken).ConfigureAwait(false)) known.Add(cluster.Name);
            if (site.FirstOrDefault(h => h.Cluster.Length > 0 && !known.Contains(h.Cluster)) is { } stray)
                throw new G5kException("ClusterNotFound", ErrorKind.ObjectNotFound,
                    $"There is no cluster '{stray.Cluster}' at {site.Key}, of which the topology's host {stray.Name} is.", stray.Cluster,
                    $"Run: Get-G5kCluster -Site {site.Key}");
            counts[site.Key] = site.GroupBy(h => h.Cluster).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        }
        return counts;
    }

    async Task<IReadOnlyList<Candidate>> FindCandidatesAsync(VMDeploymentRequest request, CancellationToken cancellationToken)
    {
        VMHostWish wish = request.Wish;
        var sites = new List<SiteInfo>();
        await foreach (SiteInfo site in _api.GetSitesAsync(cancellationToken).ConfigureAwait(false)) sites.Add(site);
        IReadOnlyList<string> named = wish.Counts.Count > 0 ? [.. wish.Counts.Keys] : wish.Sites;
        foreach (string name in named)
            if (sites.TrueForAll(s => s.Name != name)) throw ReferenceErrors.SiteNotFound(name);
        var found = new List<Candidate>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (SiteInfo site in sites.Where(s => (named.Count == 0 || named.Contains(s.Name)) && !wish.Excluded.Contains(s.Name)))
        {
            await foreach (ClusterInfo cluster in _api.GetClustersAsync(site.Name, cancellationToken).ConfigureAwait(false))
            {
                seen.Add(cluster.Name);
                if (wish.Excluded.Contains(cluster.Name) || (wish.Clusters.Count > 0 && !wish.Clusters.Contains(cluster.Name))) continue;
                if (await DescribeAsync(cluster, request, cancellationToken).ConfigureAwait(false) is { } candidate) found.Add(candidate);
            }
        }
        if (wish.Clusters.FirstOrDefault(c => !seen.Contains(c)) is { } unknown)
            throw new G5kException("ClusterNotFound", ErrorKind.ObjectNotFound,
                $"There is no cluster '{unknown}'{(named.Count > 0 ? $" at {string.Join(", ", named)}" : "")}.", unknown, "Run: Get-G5kCluster");
        return found;
    }

    /// <summary>How many of its hosts the machines want; null: it cannot host any.</summary>
    async Task<Candidate?> DescribeAsync(ClusterInfo cluster, VMDeploymentRequest request, CancellationToken cancellationToken)
    {
        VMHost? model = null;
        int count = 0;
        bool isNamed = request.Wish.Clusters.Contains(cluster.Name);
        await foreach (NodeInfo node in _api.GetNodesAsync(cluster, cancellationToken).ConfigureAwait(false))
        {
            bool isUsable = node.CanHostMachines && (isNamed || (!node.IsExotic && node.Queues.Contains("default")))
                && (request.Vlan != VlanKind.Local || node.KavlanNicCount > 1);
            if (!isUsable || request.Wish.Excluded.Contains(node.Name) || request.Wish.Excluded.Contains(node.ShortName)) continue;
            VMHost host = VMHost.From(node);
            // The smallest node of a cluster decides: OAR chooses which it gives.
            if (model is null || (host.Memory, host.Cpu).CompareTo((model.Memory, model.Cpu)) < 0) model = host;
            count++;
        }
        if (model is null) return null;
        return new Candidate(cluster.Site, cluster.Name, model, count, CountHosts(model, request, count));
    }

    /// <summary>0: no number of them is enough.</summary>
    static int CountHosts(VMHost model, VMDeploymentRequest request, int limit)
    {
        (int cpu, long memory) = PlacementBoard.CapacityOf(model, request.Placement);
        if (cpu <= 0 || memory <= 0) return 0;
        // Fewer hosts than the sums want are not worth a try.
        long least = Math.Max((request.Machines.Sum(m => (long)PlacementUnit.CpuCost(m.Cpu, request.Placement.Rule)) + cpu - 1) / cpu,
            (request.Machines.Sum(m => (long)m.Memory) + memory - 1) / memory);
        if (least > limit) return 0;
        for (int count = (int)Math.Max(1, least); count <= limit; count += Math.Max(1, count / 8))
        {
            VMHost[] hosts = [.. Enumerable.Range(1, count)
                .Select(i => model with { Name = FormattableString.Invariant($"{model.Cluster}-host-{i}") })];
            if (VMPlacer.Place(hosts, request.Machines, request.Placement).IsComplete) return count;
        }
        return 0;
    }

    async Task<(Candidate Chosen, string Why)> PickAsync(List<Candidate> able, ReservationRequest reserve, VMDeploymentRequest request,
        CancellationToken cancellationToken)
    {
        DateTimeOffset earliest = reserve.Start.Date ?? grid.Time.GetUtcNow();
        (Candidate Candidate, DateTimeOffset Start)? best = null;
        var planner = new SlotPlanner(grid, reporter, _schedules);
        foreach (Candidate candidate in able)
        {
            try
            {
                Slot slot = (await planner.FindAsync(ToSlot(candidate, reserve, request), cancellationToken).ConfigureAwait(false))[0];
                if (best is null || slot.Start < best.Value.Start) best = (candidate, slot.Start);
                if (slot.Start <= earliest + s_soon) break;
            }
            catch (G5kException e) when (e.Code is not ("SiteNotFound" or "ClusterNotFound"))
            {
                reporter.Verbose($"{candidate.Cluster}: {e.Message}");
            }
        }
        Candidate chosen = best?.Candidate ?? able[0];
        string when = best is { } found && found.Start > earliest + s_soon
            ? $", free from {Text.GridZone.Format(found.Start)}"
            : best is null ? ", whose schedule nobody tells" : ", free then";
        return (chosen, FormattableString.Invariant($"{chosen.Wanted} hosts of {chosen.Cluster}{when}"));
    }

    static SlotRequest ToSlot(Candidate candidate, ReservationRequest reserve, VMDeploymentRequest request)
    {
        SubnetDemand subnets = SubnetDemand.For(request.Machines.Count);
        return new SlotRequest
        {
            Reservation = reserve with { NodeCounts = new Dictionary<string, int> { [candidate.Site] = candidate.Wanted },
                Clusters = [candidate.Cluster], Start = ReservationStart.First },
            Subnets = request.Vlan == VlanKind.None
            ? new Dictionary<int, int> { [subnets.PrefixLength] = subnets.Count }
            : new Dictionary<int, int>(),
            Excluded = [.. request.Wish.Excluded.Where(e => e.StartsWith(candidate.Cluster + "-", StringComparison.Ordinal))],
            Earliest = reserve.Start.Date,
            Hours = SlotHours.Any,
        };
    }

    static void RequireRoom(VMDeploymentRequest request, IReadOnlyList<Candidate> candidates)
    {
        // The best that could come: the largest of what each site has.
        var hosts = new List<VMHost>();
        foreach ((string site, int count) in request.Wish.Counts)
        {
            VMHost? largest = candidates.Where(c => c.Site == site).Select(c => c.Model).OrderByDescending(m => m.Memory).ThenByDescending(m => m.Cpu)
                .FirstOrDefault();
            if (largest is null)
                throw new G5kException("NoHosts", ErrorKind.ResourceUnavailable, $"{site} has no nodes of this kind that can host virtual machines.",
                    site, $"Run: Get-G5kNode -Site {site}");
            hosts.AddRange(Enumerable.Range(1, count).Select(i => largest with { Name = FormattableString.Invariant($"{site}-host-{i}") }));
        }
        PlacementResult result = VMPlacer.Place(hosts, request.Machines, request.Placement);
        if (!result.IsComplete) throw VMPlacement.DoNotFit(result, hosts.Count);
    }

    static G5kException NoCluster(VMDeploymentRequest request, IReadOnlyList<Candidate> all)
    {
        string machines = FormattableString.Invariant(
            $"{request.Machines.Count} machines ({request.Machines.Sum(m => (long)m.Cpu)} vCPU, {request.Machines.Sum(m => (long)m.Memory)} MiB)");
        string most = all.OrderByDescending(c => (long)c.Nodes * c.Model.Memory)
            .Select(c => FormattableString.Invariant(
            $"{c.Nodes} hosts of {c.Cluster} at {c.Site} with {c.Model.Cpu} threads and {c.Model.Memory} MiB each")).FirstOrDefault()
            ?? "none that can host machines";
        return new G5kException("MachinesDoNotFit", ErrorKind.LimitsExceeded,
            $"No single cluster has room for {machines}; the largest looked at: {most}.", request,
            "Say how many hosts to take at which sites (-HostCount @{ nancy = 40; rennes = 20 }), make machines smaller, or allow more with -CpuOvercommit.");
    }
}
