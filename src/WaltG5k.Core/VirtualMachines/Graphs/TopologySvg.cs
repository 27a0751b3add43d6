using System.Globalization;
using System.Xml.Linq;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Graphs;

/// <summary>
/// A topology as a picture: sites, clusters, hosts with bars of their load, machines coloured by state, or by group before they are deployed.
/// </summary>
public static class TopologySvg
{
    const double LegendHeight = 26;
    static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static string Write(VMTopology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var layout = new TopologyLayout(topology);
        string[] groups = [.. topology.Machines.SelectMany(m => m.Groups.Take(1)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal)];
        string title = FormattableString.Invariant(
            $"{(topology.Name.Length > 0 ? topology.Name : "Topology")}: {topology.MachineCount} machines on {topology.HostCount} hosts");
        double width = Math.Max(layout.Width, 360), height = layout.Height + 30 + LegendHeight;
        var root = new XElement(s_svg + "svg",
            new XAttribute("width", Number(width)), new XAttribute("height", Number(height)),
            new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            new XAttribute("font-family", "sans-serif"), new XAttribute("role", "img"),
            new XElement(s_svg + "title", title),
            new XElement(s_svg + "rect", new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("fill", "#ffffff")),
            Text(10, 21, 15, Cut(title, width - 20, 15), "600"));
        foreach (LayoutItem site in layout.Sites.Select(s => s.Move(0, 22)))
        {
            root.Add(Frame(site, "#f2f4f7", "#b8c0cc", 14));
            foreach (LayoutItem cluster in site.Children)
            {
                root.Add(Frame(cluster, "#e6eaf0", "#b8c0cc", 12.5));
                foreach (LayoutItem host in cluster.Children) root.Add(Host(host, layout.Detail, groups));
            }
        }
        root.Add(Legend(topology, groups, layout.Height + 30, width));
        return new XDocument(root) + "\n";
    }

    static XElement Frame(LayoutItem item, string fill, string stroke, double size) => new(s_svg + "g",
        Rectangle(item.Box, fill, stroke, 6), Text(item.Box.X + 9, item.Box.Y + 18, size, Cut(item.Title, item.Box.Width - 18, size), "600"));

    static XElement Host(LayoutItem item, int detail, string[] groups)
    {
        var host = (VMHost)item.Part;
        Box box = item.Box;
        string stroke = host.State == TopologyState.Failed ? "#c0392b" : "#7d8896";
        var group = new XElement(s_svg + "g", Rectangle(box, host.State == TopologyState.Failed ? TopologyColours.Fill(host.State) : "#ffffff",
            stroke, 4),
            new XElement(s_svg + "title", Describe(host)), Text(box.X + 7, box.Y + 16, 12, Cut(host.ShortName, box.Width - 14, 12), "600"));
        long memory = host.Machines.Sum(m => (long)m.Memory);
        int cpu = host.Machines.Sum(m => m.Cpu);
        double half = (box.Width - 20) / 2;
        if (host.Cpu > 0) group.Add(Bar(box.X + 7, box.Y + 23, half, cpu / (double)host.Cpu));
        if (host.Memory > 0) group.Add(Bar(box.X + 13 + half, box.Y + 23, half, memory / (double)host.Memory));
        group.Add(item.Children.Select(c => Machine(c, detail, groups)));
        return group;
    }

    /// <summary>How full: what is above all is red.</summary>
    static XElement[] Bar(double x, double y, double width, double load) =>
    [
        Rectangle(new Box(x, y, width, 5), "#e3e6ea", "none", 2),
        Rectangle(new Box(x, y, width * Math.Clamp(load, 0, 1), 5), load > 1 ? "#c0392b" : "#4a7fb5", "none", 2),
    ];

    static XElement Machine(LayoutItem item, int detail, string[] groups)
    {
        var machine = (VirtualMachine)item.Part;
        Box box = item.Box;
        var group = new XElement(s_svg + "g", Rectangle(box, Fill(machine, groups), "#7d8896", 2), new XElement(s_svg + "title", Describe(machine)));
        if (detail > 0) group.Add(Text(box.X + 4, box.Y + (detail == 2 ? 14 : 13), detail == 2 ? 11 : 10,
            Cut(machine.Id, box.Width - 8, detail == 2 ? 11 : 10)));
        if (detail == 2) group.Add(Text(box.X + 4, box.Y + 28, 9.5, Cut(machine.Size, box.Width - 8, 9.5)));
        return group;
    }

    static string Fill(VirtualMachine machine, string[] groups) =>
        machine.State == TopologyState.Undeployed && machine.Groups.Count > 0
        && Array.FindIndex(groups, g => g.Equals(machine.Groups[0], StringComparison.OrdinalIgnoreCase)) is >= 0 and var index
            ? TopologyColours.Group(index)
            : TopologyColours.Fill(machine.State);

    static XElement Legend(VMTopology topology, string[] groups, double y, double width)
    {
        var legend = new XElement(s_svg + "g");
        var marks = new List<(string Colour, string Name)>();
        if (topology.Hosts.Any(h => h.Cpu > 0 || h.Memory > 0)) marks.Add(("#4a7fb5", "load: vCPU, memory"));
        foreach (TopologyState state in topology.Machines.Select(m => m.State).Where(s => s != TopologyState.Undeployed).Distinct().Order())
            marks.Add((TopologyColours.Fill(state), $"{state}"));
        marks.AddRange(groups.Take(8).Select((g, i) => (TopologyColours.Group(i), g)));
        double x = 10;
        foreach ((string colour, string name) in marks)
        {
            double needed = 24 + name.Length * 6.5;
            if (x + needed > width) break;
            legend.Add(Rectangle(new Box(x, y, 12, 12), colour, "#7d8896", 2), Text(x + 17, y + 10.5, 11, name));
            x += needed + 8;
        }
        return legend;
    }

    static string Describe(VMHost host) => string.Create(CultureInfo.InvariantCulture,
        $"{host.Name}\n{host.Machines.Count} machines, {host.Machines.Sum(m => m.Cpu)} of {host.Cpu} vCPU, {host.Machines.Sum(m => (long)m.Memory)} of {host.Memory} MiB");

    static string Describe(VirtualMachine machine) =>
        string.Join('\n', new[] { machine.Id, machine.Size, machine.Image, machine.Ip, machine.Mac,
        machine.Groups.Count > 0 ? string.Join(", ", machine.Groups) : null, $"{machine.State}" }.OfType<string>());

    static XElement Rectangle(Box box, string fill, string stroke, double radius) => new(s_svg + "rect",
        new XAttribute("x", Number(box.X)), new XAttribute("y", Number(box.Y)), new XAttribute("width", Number(box.Width)),
        new XAttribute("height", Number(box.Height)),
        new XAttribute("rx", Number(radius)), new XAttribute("fill", fill), new XAttribute("stroke", stroke));

    static XElement Text(double x, double y, double size, string text, string weight = "400") => new(s_svg + "text",
        new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("font-size", Number(size)),
        new XAttribute("font-weight", weight), new XAttribute("fill", "#1c2733"), text);

    /// <summary>
    /// What has room in a width, a sign being a little more than half as wide as high; the end is dropped, as numbers stand there the beginning is
    /// kept short.
    /// </summary>
    static string Cut(string text, double width, double size)
    {
        int room = Math.Max(1, (int)(width / (size * 0.58)));
        if (text.Length <= room) return text;
        // Names differ at their ends.
        int tail = Math.Min(room / 2, 4);
        return $"{text[..Math.Max(0, room - tail - 1)]}…{text[^tail..]}";
    }

    static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
