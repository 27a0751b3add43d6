using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using WaltG5k.Core.VirtualMachines.Addresses;

namespace WaltG5k.Core.VirtualMachines.Topologies.Forms;

/// <summary>Makes a topology of the tree that any form is read as. Keys have the names of this project and those of vm5k.</summary>
sealed partial class TopologyBuilder(List<TopologyProblem> problems)
{
    /// <summary>Far above any machine there is; a number above it is in the wrong unit.</summary>
    const int MaximumCpu = 4096, MaximumMemory = 1 << 24, MaximumDisk = 1 << 20;

    readonly Dictionary<object, int> _lines = new(ReferenceEqualityComparer.Instance);

    /// <summary>The line on which a host or machine begins.</summary>
    public int LineOf(object part) => _lines.GetValueOrDefault(part);

    public VMTopology Build(DataMap root)
    {
        var fields = new FieldReader(root, "the topology", problems);
        var topology = new VMTopology
        {
            Name = fields.Text("name", "id") ?? "",
            Program = fields.Text("program"),
            Apart = [.. fields.Texts("apart").Select(Compact)],
            Together = [.. fields.Texts("together")],
            Hosts = [.. fields.Maps("hosts").Select(ReadHost).OfType<VMHost>()],
            Attributes = fields.Rest(),
        };
        _lines[topology] = root.Line;
        return topology;
    }

    VMHost? ReadHost(DataMap map)
    {
        string name = IdOf(map, "name", "id");
        var fields = new FieldReader(map, name.Length > 0 ? $"host {name}" : "a host", problems);
        if (fields.Text("name", "id") is null || !HostName().IsMatch(name))
        {
            fields.Wrong(map.Line, name.Length > 0 ? "InvalidName" : "MissingValue",
                name.Length > 0 ? $"'{name}' is no name of a host." : "A host has no name.", name);
            name = "";
        }
        string? site = fields.Text("site"), cluster = fields.Text("cluster");
        var host = new VMHost(name)
        {
            Site = site ?? HostNames.SiteOf(name),
            Cluster = cluster ?? HostNames.ClusterOf(name),
            Cpu = fields.Number(0, MaximumCpu, "cpu", "threads") ?? 0,
            Cores = fields.Number(0, MaximumCpu, "cores") ?? 0,
            Memory = fields.Size(ByteSizes.Mebibyte, 0, MaximumMemory, "memory", "mem") ?? 0,
            State = State(fields),
            Machines = [.. fields.Maps("machines", "vms").Select(m => ReadMachine(m, name)).OfType<VirtualMachine>()],
            Attributes = fields.Rest(),
        };
        _lines[host] = map.Line;
        return name.Length > 0 ? host : null;
    }

    /// <param name="map">Its table.</param>
    /// <param name="host">The host that holds it; empty: none.</param>
    /// <param name="id">The name when the table has none: for templates.</param>
    public VirtualMachine? ReadMachine(DataMap map, string host, string? id = null)
    {
        string name = IdOf(map, "id", "name") is { Length: > 0 } own ? own : id ?? "";
        var fields = new FieldReader(map, name.Length > 0 ? $"machine {name}" : "a machine", problems);
        fields.Find("id", "name");
        if (!VirtualMachineNames.IsValid(name))
        {
            string message = name.Length > 0 ? $"'{name}' is no name of a machine: letters, digits, '.', '-' and '_', 63 at most."
                : "A machine has no id.";
            fields.Wrong(map.Line, name.Length > 0 ? "InvalidName" : "MissingValue", message, name);
        }
        string? pinned = fields.Text("pinnedhost"), at = fields.Text("host");
        var machine = new VirtualMachine(name)
        {
            Cpu = fields.Number(1, MaximumCpu, "cpu", "ncpu", "vcpu") ?? 1,
            Memory = fields.Size(ByteSizes.Mebibyte, 1, MaximumMemory, "memory", "mem") ?? VirtualMachine.DefaultMemory,
            Disks = [ReadSystemDisk(fields), .. fields.Maps("extradisks", "moredisks").Select(ReadDisk)],
            Cpuset = ReadCpuset(fields),
            Groups = ReadGroups(fields),
            // State files of vm5k say at each machine where it is.
            PinnedHost = pinned ?? (at is not null && host.Length > 0 && HostNames.Mean(at, host) ? null : at),
            Mac = ReadMac(fields),
            Ip = ReadIp(fields),
            State = State(fields),
            Attributes = fields.Rest(),
        };
        _lines[machine] = map.Line;
        return name.Length > 0 ? machine : null;
    }

    static VMDisk ReadSystemDisk(FieldReader fields)
    {
        bool isCopy = fields.Flag("realfile") ?? false;
        return new VMDisk
        {
            Size = fields.Size(ByteSizes.Gibibyte, 0, MaximumDisk, "disk", "hdd") ?? VirtualMachine.DefaultDisk,
            Image = fields.Text("image", "backingfile"),
            Strategy = fields.Word<DiskStrategy>("strategy") ?? (isCopy ? DiskStrategy.Copy : DiskStrategy.Cow),
        };
    }

    VMDisk ReadDisk(DataMap map)
    {
        var fields = new FieldReader(map, "a disk", problems);
        var disk = new VMDisk
        {
            Size = fields.Size(ByteSizes.Gibibyte, 0, MaximumDisk, "size", "disk", "hdd") ?? VirtualMachine.DefaultDisk,
            Image = fields.Text("image", "backingfile"),
            Strategy = fields.Word<DiskStrategy>("strategy") ?? DiskStrategy.Cow,
        };
        foreach (string key in fields.Rest().Keys) fields.Wrong(map.Line, "UnknownKey", $"A disk has no {key}.", key);
        return disk;
    }

    static string ReadCpuset(FieldReader fields)
    {
        string? text = fields.Text("cpuset");
        if (text is null || text.Equals("auto", StringComparison.OrdinalIgnoreCase)) return "auto";
        if (!Cpuset().IsMatch(text)) fields.Wrong(fields.Line, "InvalidValue", $"cpuset is '{text}', not auto or threads such as 0-3,8.", text);
        return text;
    }

    static List<string> ReadGroups(FieldReader fields)
    {
        List<string> groups = [];
        foreach (string group in fields.Texts("groups", "group"))
        {
            if (!VirtualMachineNames.IsValid(group))
                fields.Wrong(fields.Line, "InvalidName", $"'{group}' is no name of a group: letters, digits, '.', '-' and '_'.", group);
            else if (!groups.Contains(group, StringComparer.OrdinalIgnoreCase)) groups.Add(group);
        }
        return groups;
    }

    static string? ReadMac(FieldReader fields)
    {
        string? text = fields.Text("mac");
        if (text is null || Placeholder().IsMatch(text)) return null;
        if (MacAddresses.TryNormalize(text, out string mac)) return mac;
        fields.Wrong(fields.Line, "InvalidMac", $"'{text}' is no MAC address of one adapter.", text);
        return null;
    }

    static string? ReadIp(FieldReader fields)
    {
        string? text = fields.Text("ip");
        if (text is null || Placeholder().IsMatch(text)) return null;
        if (text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out IPAddress? ip) && ip.AddressFamily == AddressFamily.InterNetwork)
            return ip.ToString();
        fields.Wrong(fields.Line, "InvalidIp", $"'{text}' is no IPv4 address.", text);
        return null;
    }

    static TopologyState State(FieldReader fields)
    {
        string? text = fields.Text("state");
        switch (text?.ToUpperInvariant())
        {
            case null or "UNDEPLOYED": return TopologyState.Undeployed;
            case "OK" or "READY": return TopologyState.Ready;
            case "KO" or "FAILED": return TopologyState.Failed;
        }
        fields.Wrong(fields.Line, "InvalidValue", $"state is '{text}', not Undeployed, Ready (OK) or Failed (KO).", text);
        return TopologyState.Undeployed;
    }

    /// <summary>The name before anything else is read: messages want it.</summary>
    static string IdOf(DataMap map, params ReadOnlySpan<string> keys)
    {
        foreach (DataEntry entry in map.Entries)
        {
            foreach (string key in keys)
            {
                if (entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase) && entry.Value is DataScalar { Value: { } value })
                    return $"{value}".Trim();
            }
        }
        return "";
    }

    static string Compact(string rule) => string.Join('/', rule.Split('/', StringSplitOptions.TrimEntries));

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    [GeneratedRegex(@"^\d+(-\d+)?(,\^?\d+(-\d+)?)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Cpuset();

    /// <summary>Example files carry X.X.X.X.</summary>
    [GeneratedRegex(@"^[Xx.:]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
