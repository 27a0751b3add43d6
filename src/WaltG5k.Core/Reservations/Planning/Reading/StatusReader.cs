using System.Globalization;
using System.Text.Json;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations.Planning.Reading;

/// <summary>Reads the status of a site, as the API gives it: all nodes, disks, VLANs and subnets with their present and future jobs.</summary>
sealed class StatusReader
{
    readonly string _site;
    readonly IReadOnlyDictionary<string, NodeFacts> _facts;
    readonly long _now, _guard;
    readonly HashSet<long> _unplanned = [];

    StatusReader(string site, IReadOnlyDictionary<string, NodeFacts> facts, long now, TimeSpan guard)
    {
        _site = site;
        _facts = facts;
        _now = now;
        _guard = (long)guard.TotalSeconds;
    }

    /// <param name="facts">What the reference says of the nodes, by full name; a node without is known by its name and state only.</param>
    /// <exception cref="G5kException"><c>StatusHasNoJobs</c>: the caller is anonymous, so there is no future in it.</exception>
    public static SiteSchedule Read(string site, JsonElement status, IReadOnlyDictionary<string, NodeFacts> facts, DateTimeOffset now,
        TimeSpan guard) =>
        new StatusReader(site, facts, now.ToUnixTimeSeconds(), guard).Read(status) with { ReadAt = now };

    SiteSchedule Read(JsonElement status)
    {
        ILookup<string, DiskElement> disks = ReadAll(status, "disks", ReadDisk).ToLookup(d => d.Host);
        return new SiteSchedule(_site)
        {
            Nodes = [.. ReadAll(status, "nodes", (name, node) => ReadNode(name, node, disks))],
            Vlans = [.. ReadAll(status, "vlans", ReadVlan)],
            Subnets = [.. ReadAll(status, "subnets", ReadSubnet)],
            Source = ScheduleSource.Api,
            UnplannedJobs = _unplanned.Count,
        };
    }

    static IEnumerable<T> ReadAll<T>(JsonElement status, string kind, Func<string, JsonElement, T?> read) where T : class =>
        status.GetObject(kind) is { } all ? all.EnumerateObject().Select(e => read(e.Name, e.Value)).OfType<T>() : [];

    NodeElement ReadNode(string name, JsonElement node, ILookup<string, DiskElement> disks)
    {
        NodeFacts facts = _facts.GetValueOrDefault(name) ?? NodeFacts.Unknown;
        return facts.ToElement(_site, name, ReadHealth(node), ReadBusy(name, node), [.. disks[name].Concat(disks[name.Split('.')[0]])]);
    }

    DiskElement ReadDisk(string name, JsonElement disk) =>
        new(_site, name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..], name) { Busy = ReadBusy(name, disk) };

    VlanElement? ReadVlan(string name, JsonElement vlan)
    {
        VlanKind kind = KindOf(vlan.GetText("type"));
        bool isThere = ReadHealth(vlan) == NodeHealth.Alive;
        return isThere && kind != VlanKind.None && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? new VlanElement(_site, id, kind) { Busy = ReadBusy(name, vlan) }
            : null;
    }

    SubnetElement? ReadSubnet(string name, JsonElement subnet) =>
        ReadHealth(subnet) == NodeHealth.Alive && SubnetNames.TryParse(name, out uint address)
        ? new SubnetElement(_site, name, address) { Busy = ReadBusy(name, subnet) }
        : null;

    static NodeHealth ReadHealth(JsonElement element) => element.GetText("hard") switch
    {
        "alive" => NodeHealth.Alive,
        "standby" => NodeHealth.Standby,
        "suspected" => NodeHealth.Suspected,
        "dead" => NodeHealth.Dead,
        _ => NodeHealth.Absent,
    };

    public static VlanKind KindOf(string? type) => type switch
    {
        "kavlan-local" => VlanKind.Local,
        "kavlan" => VlanKind.Routed,
        "kavlan-global" => VlanKind.Global,
        _ => VlanKind.None,
    };

    System.Collections.Immutable.ImmutableArray<BusyPeriod> ReadBusy(string name, JsonElement element)
    {
        if (!element.TryGetProperty("reservations", out JsonElement reservations) || reservations.ValueKind != JsonValueKind.Array)
            throw new G5kException("StatusHasNoJobs", ErrorKind.PermissionDenied,
                $"The status of {_site} tells no jobs (of {name}): the API takes you for anonymous.", _site,
                "Run this on a front-end, or give your Grid'5000 login.");
        var periods = new List<BusyPeriod>();
        foreach (JsonElement job in reservations.EnumerateArray())
        {
            // started_at is 0, not absent, for a job that has not started.
            long? start = job.GetLong("started_at") is > 0 and { } started ? started : job.GetLong("scheduled_at");
            BusyPeriod? period = JobOccupation.Get(job.GetText("state") ?? "", job.GetText("queue") ?? "", job.GetTexts("types"), start,
                job.GetLong("walltime"), _now, _guard, out bool isUnplanned);
            if (period is { } taken) periods.Add(taken);
            else if (isUnplanned) _unplanned.Add(job.GetLong("uid") ?? 0);
        }
        return BusyPeriod.Merge(periods);
    }
}
