using System.Globalization;
using System.Xml.Linq;
using WaltG5k.Core.VirtualMachines.Graphs;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Tests.VirtualMachines;

public class TopologyGraphTests
{
    static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    internal static VMTopology Topology(int machines, int hosts)
    {
        VMHost[] all = [.. Enumerable.Range(0, hosts)
            .Select(i => new VMHost($"gros-{i + 1}.nancy.grid5000.fr") { Site = i % 2 == 0 ? "nancy" : "rennes",
            Cluster = i % 3 == 0 ? "gros" : "grisou", Cpu = 36, Memory = 98304 })];
        VirtualMachine[] vms = [.. Enumerable.Range(1, machines)
            .Select(i => new VirtualMachine($"a-rather-long-name-{i}") { Groups = [i % 2 == 0 ? "web" : "db"] })];
        return new VMTopology { Name = "<demo> & \"more\"",
            Hosts = VMTopology.Sort(VMPlacer.Place(all, vms, new() { Distribution = Distribution.Spread }).Hosts) };
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(30, 4)]
    [InlineData(200, 20)]
    [InlineData(600, 100)]
    public void Every_machine_is_drawn_and_boxes_lie_inside_one_another(int machines, int hosts)
    {
        VMTopology topology = Topology(machines, hosts);
        var layout = new TopologyLayout(topology);
        Assert.Equal(machines, layout.Sites.SelectMany(s => s.Children).SelectMany(c => c.Children).Sum(h => h.Children.Count));
        foreach (LayoutItem site in layout.Sites) AssertInside(site);
        AssertApart(layout.Sites);
        Assert.InRange(layout.Width / layout.Height, 0.3, 5);
    }

    static void AssertInside(LayoutItem item)
    {
        AssertApart(item.Children);
        foreach (LayoutItem child in item.Children)
        {
            Assert.True(
                child.Box.X >= item.Box.X && child.Box.Y >= item.Box.Y && child.Box.X + child.Box.Width <= item.Box.X + item.Box.Width
                && child.Box.Y + child.Box.Height <= item.Box.Y + item.Box.Height, $"{child.Title} {child.Box} leaves {item.Title} {item.Box}");
            AssertInside(child);
        }
    }

    static void AssertApart(IReadOnlyList<LayoutItem> items)
    {
        for (int i = 0; i < items.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (Box a, Box b) = (items[i].Box, items[j].Box);
                Assert.True(a.X >= b.X + b.Width || b.X >= a.X + a.Width || a.Y >= b.Y + b.Height || b.Y >= a.Y + a.Height,
                    $"{items[i].Title} lies over {items[j].Title}");
            }
        }
    }

    [Fact]
    public void The_picture_is_XML_with_all_names_in_it()
    {
        XElement svg = XElement.Parse(TopologySvg.Write(Topology(30, 4)));
        Assert.Equal(30, svg.Descendants(s_svg + "title").Count(t => t.Value.StartsWith("a-rather-long-name-", StringComparison.Ordinal)));
        Assert.Contains("<demo> & \"more\"", svg.Element(s_svg + "title")!.Value, StringComparison.Ordinal);
        Assert.All(svg.Descendants().Attributes("width").Where(a => !a.Value.EndsWith('%')),
            a => Assert.True(double.Parse(a.Value, CultureInfo.InvariantCulture) >= 0));
    }

    [Fact]
    public void A_topology_of_nothing_is_drawn_too() =>
        Assert.Contains("0 machines on 0 hosts", TopologySvg.Write(new VMTopology()), StringComparison.Ordinal);

    [Fact]
    public void Graphviz_gets_every_host_and_machine()
    {
        string dot = TopologyDot.Write(Topology(5, 2));
        Assert.StartsWith("graph \"<demo> & \\\"more\\\"\" {", dot, StringComparison.Ordinal);
        Assert.Equal((2, 5, 5), (Count(dot, "[label=\"gros-"), Count(dot, "[label=\"a-rather"), Count(dot, " -- ")));
        Assert.Equal(dot.Count(c => c == '{'), dot.Count(c => c == '}'));
    }

    static int Count(string text, string part) => text.Split(part).Length - 1;
}
