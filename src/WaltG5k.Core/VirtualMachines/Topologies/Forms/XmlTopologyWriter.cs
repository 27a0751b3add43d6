using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace WaltG5k.Core.VirtualMachines.Topologies.Forms;

/// <summary>
/// Writes vm5k's XML with vm5k's own names. The fields that vm5k lacks are further attributes, which its program ignores: groups, rules, a pinned
/// host, threads; further disks are elements inside a machine.
/// </summary>
static class XmlTopologyWriter
{
    const double MegabytesPerMebibyte = 1.048576;
    const string Unknown = "unknown";

    public static string Write(VMTopology topology)
    {
        var root = new XElement("vm5k");
        Add(root, "name", topology.Name);
        Add(root, "program", topology.Program);
        Add(root, "apart", string.Join(' ', topology.Apart));
        Add(root, "together", string.Join(' ', topology.Together));
        AddAll(root, topology.Attributes);
        // The order of hosts is kept: a site or cluster begins anew where it comes again.
        XElement? site = null, cluster = null;
        foreach (VMHost host in topology.Hosts)
        {
            string siteId = host.Site.Length > 0 ? host.Site : Unknown, clusterId = host.Cluster.Length > 0 ? host.Cluster : Unknown;
            if (site?.Attribute("id")?.Value != siteId)
            {
                root.Add(site = new XElement("site", new XAttribute("id", siteId)));
                cluster = null;
            }
            if (cluster?.Attribute("id")?.Value != clusterId) site.Add(cluster = new XElement("cluster", new XAttribute("id", clusterId)));
            cluster.Add(Host(host));
        }
        var text = new StringBuilder();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true };
        using (var writer = XmlWriter.Create(text, settings)) root.Save(writer);
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{text}\n";
    }

    static XElement Host(VMHost host)
    {
        var element = new XElement("host", new XAttribute("id", host.Name));
        if (host.Cores > 0)
        {
            Add(element, "cpu", host.Cores);
            Add(element, "threads", host.Cpu);
        }
        else if (host.Cpu > 0)
        {
            Add(element, "cpu", host.Cpu);
        }
        if (host.Memory > 0) Add(element, "mem", (long)Math.Round(host.Memory * MegabytesPerMebibyte));
        Add(element, "state", State(host.State));
        AddAll(element, host.Attributes);
        element.Add(host.Machines.Select(Machine));
        return element;
    }

    public static XElement Machine(VirtualMachine machine)
    {
        var element = new XElement("vm", new XAttribute("id", machine.Id));
        Add(element, "mem", machine.Memory);
        Add(element, "hdd", machine.SystemDisk.Size);
        Add(element, "n_cpu", machine.Cpu);
        Add(element, "cpuset", machine.Cpuset);
        Add(element, "backing_file", machine.Image);
        // vm5k takes any text for true, "False" included: it is there only where it is true.
        if (machine.SystemDisk.Strategy == DiskStrategy.Copy) Add(element, "real_file", "True");
        else if (machine.SystemDisk.Strategy != DiskStrategy.Cow) Add(element, "strategy", machine.SystemDisk.Strategy.ToString());
        Add(element, "groups", string.Join(' ', machine.Groups));
        Add(element, "pinned_host", machine.PinnedHost);
        Add(element, "ip", machine.Ip);
        Add(element, "mac", machine.Mac);
        Add(element, "state", State(machine.State));
        AddAll(element, machine.Attributes);
        element.Add(machine.Disks.Skip(1).Select(Disk));
        return element;
    }

    static XElement Disk(VMDisk disk)
    {
        var element = new XElement("disk");
        Add(element, "size", disk.Size);
        Add(element, "image", disk.Image);
        if (disk.Strategy != DiskStrategy.Cow) Add(element, "strategy", disk.Strategy.ToString());
        return element;
    }

    static string? State(TopologyState state) => state switch { TopologyState.Ready => "OK", TopologyState.Failed => "KO", _ => null };

    static void Add(XElement element, string name, object? value)
    {
        if (Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text) element.SetAttributeValue(name, text);
    }

    /// <summary>Other forms allow keys that are no names of attributes.</summary>
    static void AddAll(XElement element, IReadOnlyDictionary<string, string> attributes)
    {
        foreach ((string name, string value) in attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
            element.SetAttributeValue(XmlConvert.EncodeLocalName(name), value);
    }
}
