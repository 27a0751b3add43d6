namespace WaltG5k.Core.VirtualMachines.Topologies.Forms;

/// <summary>A topology as a tree in the names of our own forms. What is as by default, or not known, is left out.</summary>
static class TopologyTree
{
    public static DataMap Of(VMTopology topology)
    {
        var map = new DataMap(0);
        AddText(map, "Name", topology.Name);
        AddText(map, "Program", topology.Program);
        AddTexts(map, "Apart", topology.Apart);
        AddTexts(map, "Together", topology.Together);
        AddAttributes(map, topology.Attributes);
        AddMaps(map, "Hosts", topology.Hosts.Select(Of));
        return map;
    }

    static DataMap Of(VMHost host)
    {
        var map = new DataMap(0);
        map.Add("Name", host.Name);
        if (host.Site != HostNames.SiteOf(host.Name)) map.Add("Site", host.Site);
        if (host.Cluster != HostNames.ClusterOf(host.Name)) map.Add("Cluster", host.Cluster);
        AddNumber(map, "Cpu", host.Cpu);
        AddNumber(map, "Cores", host.Cores);
        AddNumber(map, "Memory", host.Memory);
        AddState(map, host.State);
        AddAttributes(map, host.Attributes);
        AddMaps(map, "Machines", host.Machines.Select(Of));
        return map;
    }

    static DataMap Of(VirtualMachine machine)
    {
        var map = new DataMap(0);
        map.Add("Id", machine.Id);
        map.Add("Cpu", machine.Cpu);
        map.Add("Memory", machine.Memory);
        map.Add("Disk", machine.SystemDisk.Size);
        AddText(map, "Image", machine.Image);
        AddStrategy(map, machine.SystemDisk.Strategy);
        if (machine.Cpuset != "auto") map.Add("Cpuset", machine.Cpuset);
        AddTexts(map, "Groups", machine.Groups);
        AddText(map, "PinnedHost", machine.PinnedHost);
        AddText(map, "Mac", machine.Mac);
        AddText(map, "Ip", machine.Ip);
        AddState(map, machine.State);
        AddAttributes(map, machine.Attributes);
        if (machine.Disks.Count > 1) AddMaps(map, "ExtraDisks", machine.Disks.Skip(1).Select(Of));
        return map;
    }

    static DataMap Of(VMDisk disk)
    {
        var map = new DataMap(0);
        map.Add("Size", disk.Size);
        AddText(map, "Image", disk.Image);
        AddStrategy(map, disk.Strategy);
        return map;
    }

    static void AddText(DataMap map, string key, string? text)
    {
        if (!string.IsNullOrEmpty(text)) map.Add(key, text);
    }

    static void AddNumber(DataMap map, string key, int number)
    {
        if (number != 0) map.Add(key, number);
    }

    static void AddState(DataMap map, TopologyState state)
    {
        if (state != TopologyState.Undeployed) map.Add("State", state.ToString());
    }

    static void AddStrategy(DataMap map, DiskStrategy strategy)
    {
        if (strategy != DiskStrategy.Cow) map.Add("Strategy", strategy.ToString());
    }

    static void AddTexts(DataMap map, string key, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return;
        var list = new DataList(0);
        list.Items.AddRange(texts.Select(t => new DataScalar(0, t)));
        map.Add(key, list);
    }

    static void AddMaps(DataMap map, string key, IEnumerable<DataMap> maps)
    {
        var list = new DataList(0);
        list.Items.AddRange(maps);
        map.Add(key, list);
    }

    static void AddAttributes(DataMap map, IReadOnlyDictionary<string, string> attributes)
    {
        foreach ((string key, string value) in attributes.OrderBy(a => a.Key, StringComparer.Ordinal)) map.Add(key, value);
    }
}
