using System.Globalization;
using System.Text.Json;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations.Planning.Reading;

/// <summary>
/// Reads <c>oarstat -J --gantt</c>: every resource of the site, and the jobs that run or are predicted. Jobs without a prediction are not in it.
/// </summary>
sealed class GanttReader
{
    /// <summary>What available_upto says of a node that was switched off to save energy.</summary>
    const long SwitchedOff = int.MaxValue - 1;

    readonly string _site;
    readonly IReadOnlyDictionary<string, NodeFacts> _facts;
    readonly Dictionary<long, List<BusyPeriod>> _busy = [];

    GanttReader(string site, IReadOnlyDictionary<string, NodeFacts> facts)
    {
        _site = site;
        _facts = facts;
    }

    public static SiteSchedule Read(string site, JsonElement gantt, IReadOnlyDictionary<string, NodeFacts> facts, DateTimeOffset now, TimeSpan guard)
    {
        var reader = new GanttReader(site, facts);
        if (gantt.GetObject("jobs") is { } jobs)
            foreach (JsonProperty job in jobs.EnumerateObject()) reader.AddJob(job.Value, now.ToUnixTimeSeconds(), (long)guard.TotalSeconds);
        return reader.ReadResources([.. gantt.GetItems("resources")]) with { ReadAt = now, Source = ScheduleSource.Gantt };
    }

    void AddJob(JsonElement job, long now, long guard)
    {
        long? start = job.GetLong("start_time"), stop = job.GetLong("stop_time");
        // types comes once for each resource.
        BusyPeriod? period = JobOccupation.Get(job.GetText("state") ?? "", job.GetText("queue_name") ?? "", job.GetTexts("types"), start,
            stop > start ? stop - start : job.GetLong("walltime"), now, guard, out _);
        if (period is not { } taken) return;
        foreach (JsonElement id in job.GetItems("resource_id"))
        {
            if (!id.TryGetInt64(out long resource)) continue;
            if (!_busy.TryGetValue(resource, out List<BusyPeriod>? periods)) _busy[resource] = periods = [];
            periods.Add(taken);
        }
    }

    SiteSchedule ReadResources(JsonElement[] resources)
    {
        ILookup<string, JsonElement> byType = resources.ToLookup(r => r.GetText("type") ?? "");
        ILookup<string, DiskElement> disks = byType["disk"].Select(ReadDisk).OfType<DiskElement>().ToLookup(d => d.Host);
        return new SiteSchedule(_site)
        {
            Nodes = [.. byType["default"].GroupBy(r => r.GetText("network_address") ?? "").Where(g => g.Key.Length > 0)
                .Select(g => ReadNode(g.Key, [.. g], disks[g.Key]))],
            Vlans = [.. resources.Select(ReadVlan).OfType<VlanElement>()],
            Subnets = [.. byType["subnet"].Select(ReadSubnet).OfType<SubnetElement>()],
        };
    }

    /// <summary>A node is a row per core: a job on any of them keeps the node from being given as a whole.</summary>
    NodeElement ReadNode(string name, JsonElement[] rows, IEnumerable<DiskElement> disks)
    {
        JsonElement row = rows[0];
        NodeFacts facts = _facts.GetValueOrDefault(name) ?? new NodeFacts
        {
            Cluster = row.GetText("cluster"),
            Queues = (row.GetText("queues") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            IsExotic = row.GetText("exotic") == "YES",
            Architecture = row.GetText("cpuarch") ?? "",
            Cores = (int)(row.GetLong("core_count") ?? rows.Length),
            Memory = (row.GetLong("memnode") ?? 0) << 20,
            KavlanNics = (int)(row.GetLong("eth_kavlan_count") ?? 0),
            CanBeWaltServer = row.GetText("cpuarch") == "x86_64" && row.GetLong("eth_kavlan_count") >= 2,
            CanBeWaltNode = row.GetText("cpuarch") == "x86_64" && row.GetLong("eth_kavlan_count") >= 1,   // how it boots is not among the properties
            MaxWalltime = row.GetLong("max_walltime") is > 0 and { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        return facts.ToElement(_site, name, rows.Max(HealthOf), BusyOf(rows), [.. disks]);
    }

    static NodeHealth HealthOf(JsonElement row) => row.GetText("state") switch
    {
        _ when row.GetText("maintenance") == "YES" || row.GetText("drain") == "YES" => NodeHealth.Absent,
        "Alive" => NodeHealth.Alive,
        "Absent" when row.GetLong("available_upto") == SwitchedOff => NodeHealth.Standby,
        "Absent" => NodeHealth.Absent,
        "Suspected" => NodeHealth.Suspected,
        _ => NodeHealth.Dead,
    };

    DiskElement? ReadDisk(JsonElement row) =>
        row.GetText("disk") is { } disk && (row.GetText("host") ?? row.GetText("network_address")) is { Length: > 0 } host
        ? new DiskElement(_site, host, disk) { Busy = BusyOf([row]) }
        : null;

    VlanElement? ReadVlan(JsonElement row) =>
        StatusReader.KindOf(row.GetText("type")) is not VlanKind.None and var kind && HealthOf(row) == NodeHealth.Alive
        && row.GetLong("vlan") is { } id
            ? new VlanElement(_site, (int)id, kind) { Busy = BusyOf([row]) }
            : null;

    SubnetElement? ReadSubnet(JsonElement row)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{row.GetText("subnet_address")}/{row.GetLong("subnet_prefix")}");
        return HealthOf(row) == NodeHealth.Alive && SubnetNames.TryParse(name, out uint address)
            ? new SubnetElement(_site, name, address) { Busy = BusyOf([row]) }
            : null;
    }

    System.Collections.Immutable.ImmutableArray<BusyPeriod> BusyOf(IEnumerable<JsonElement> rows) =>
        BusyPeriod.Merge(rows.SelectMany(r => r.GetLong("resource_id") is { } id ? _busy.GetValueOrDefault(id, []) : []));
}
