namespace WaltG5k.Core.Reservations.Planning;

/// <summary>From what a user asks to what the search counts.</summary>
static class SlotQueries
{
    /// <summary>Nobody has a reservation that far away; a search beyond would only look at an empty calendar.</summary>
    static readonly TimeSpan s_farthest = TimeSpan.FromDays(366);
    static readonly TimeSpan s_horizon = TimeSpan.FromDays(28), s_maxHorizon = TimeSpan.FromDays(7);

    /// <summary>The window of starts.</summary>
    /// <exception cref="G5kException"><c>StartInThePast</c>, <c>InvalidWindow</c>.</exception>
    public static (DateTimeOffset Earliest, DateTimeOffset Latest) GetWindow(SlotRequest request, DateTimeOffset now)
    {
        now = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, now.Offset);   // OAR counts in seconds
        DateTimeOffset earliest = request.Earliest ?? now;
        if (earliest < now)
        {
            // A minute late is somebody who typed the time that the clock shows.
            if (now - earliest > TimeSpan.FromMinutes(1))
                throw Invalid("StartInThePast", $"The earliest start {Date(earliest)} lies in the past.", earliest,
                "Give a later -Earliest, or leave it out to search from now on.");
            earliest = now;
        }
        DateTimeOffset latest = request.Latest ?? earliest + (request.Criterion == SlotCriterion.Max ? s_maxHorizon : s_horizon);
        if (request.Deadline is { } deadline && deadline - request.Reservation.Walltime.Duration < latest)
            latest = deadline - request.Reservation.Walltime.Duration;
        if (latest < earliest)
        {
            throw request.Latest < earliest
                ? Invalid("InvalidWindow", $"The latest start {Date(latest)} lies before the earliest {Date(earliest)}.", latest,
                "Give a -Latest after -Earliest.")
                : Invalid("InvalidWindow",
                $"A job of {request.Reservation.Walltime} from {Date(earliest)} on is not over by {Date(request.Deadline!.Value)}.",
                request.Deadline, "Shorten -Walltime, or give a later -Deadline.");
        }
        if (latest - earliest > s_farthest) throw Invalid("InvalidWindow",
            $"The search may span a year at most, not {(latest - earliest).TotalDays:0} days.", latest, "Give an earlier -Latest.");
        return (earliest, latest);
    }

    /// <exception cref="G5kException"><c>InvalidNodeCount</c>, <c>VlanNeedsOneSite</c>.</exception>
    public static SlotQuery Build(SlotRequest request, ReservationRequest reservation, IReadOnlySet<string>? hosts, DateTimeOffset now)
    {
        (DateTimeOffset earliest, DateTimeOffset latest) = GetWindow(request, now);
        string[] sites = GetSites(reservation);
        if (reservation.Vlan is VlanKind.Local or VlanKind.Routed && sites.Length > 1)
            throw Invalid("VlanNeedsOneSite",
                $"A {(reservation.Vlan == VlanKind.Local ? "local" : "routed")} VLAN exists at one site only, but nodes are asked at {string.Join(", ", sites)}.", reservation.Vlan, "Use -Vlan Global for several sites.");
        return new SlotQuery
        {
            Nodes = [.. GetNodes(request, reservation, hosts)],
            Vlans = GetVlans(reservation, sites),
            Subnets = [.. sites.SelectMany(_ => request.Subnets, (site, size) => new SubnetDemand(site, size.Key, size.Value))],
            Walltime = reservation.Walltime,
            Earliest = earliest,
            Latest = latest,
            Hours = request.Hours,
            SubmittedAt = now,
            Criterion = request.Criterion,
            Excluded = new HashSet<string>(request.Excluded, StringComparer.Ordinal),
            MaximumSlots = request.MaximumSlots,
        };
    }

    public static string[] GetSites(ReservationRequest reservation) =>
        [.. reservation.NodeCounts.Keys.Concat(reservation.ServerSite is { } s ? [s] : []).Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)];

    static IEnumerable<NodeDemand> GetNodes(SlotRequest request, ReservationRequest reservation, IReadOnlySet<string>? hosts)
    {
        var common = new NodeFilter { Queue = "default", AllowExotic = reservation.Types.Contains("exotic"), Disks = request.Disks };
        if (reservation.ServerSite is { } server)
            yield return new NodeDemand($"server node at {server}", 1) { IsServer = true,
                Filter = common with { Sites = [server], ForWaltServer = true, KavlanNics = 2, Disks = 0 } };
        foreach ((string site, int count) in reservation.NodeCounts)
        {
            (int least, int most) = GetCounts(request, site, count);
            NodeFilter filter = common with { Sites = [site], Clusters = reservation.Clusters, Hosts = hosts,
                ForWaltNode = reservation.ServerSite is not null };
            yield return new NodeDemand($"{(reservation.Clusters.Count > 0 ? string.Join(" or ", reservation.Clusters) + " " : "")}nodes at {site}",
                least) { Maximum = most, Filter = filter };
        }
    }

    static (int Least, int Most) GetCounts(SlotRequest request, string site, int count)
    {
        int least = request.MinNodeCount ?? (request.Criterion == SlotCriterion.First ? 1 : count);
        int most = request.MaxNodeCount ?? (request.Criterion == SlotCriterion.Max ? int.MaxValue / 2 : Math.Max(count, least));
        if (count < 1 || least < 1) throw Invalid("InvalidNodeCount",
            $"The number of nodes at {site} must be at least 1, not {Math.Min(count, least)}.", Math.Min(count, least),
            "Leave out a site from which no node is wanted.");
        if (most < least) throw Invalid("InvalidNodeCount", $"At most {most} nodes at {site} are fewer than the least, {least}.", most,
            "Give a -MaxNodeCount that is not below -MinNodeCount and -NodeCount.");
        return (least, most);
    }

    static VlanDemand[] GetVlans(ReservationRequest reservation, string[] sites) => reservation.Vlan switch
    {
        VlanKind.None => [],
        VlanKind.Global when reservation.VlanSite is { } only => [new VlanDemand(VlanKind.Global) { Sites = [only] }],
        VlanKind.Global => [new VlanDemand(VlanKind.Global)],
        var kind => [new VlanDemand(kind) { Sites = [reservation.ServerSite ?? sites[0]] }],
    };

    static G5kException Invalid(string code, string message, object? target, string recommendation) =>
        new(code, ErrorKind.InvalidArgument, message, target, recommendation);

    static string Date(DateTimeOffset date) => date.ToString("yyyy-MM-dd HH:mm:ss zzz", System.Globalization.CultureInfo.InvariantCulture);
}
