using System.Globalization;
using System.Text;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Graphs;

/// <summary>A topology in Graphviz' language: sites and clusters are boxes, hosts nodes in them, machines nodes behind their hosts.</summary>
public static class TopologyDot
{
    public static string Write(VMTopology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"graph {Quote(topology.Name.Length > 0 ? topology.Name : "topology")} {{\n");
        text.Append("  graph [rankdir=LR, fontname=\"sans-serif\", style=rounded];\n");
        text.Append("  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];\n");
        int box = 0;
        foreach (IGrouping<string, VMHost> site in topology.Hosts.GroupBy(h => h.Site))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"  subgraph cluster_{box++} {{\n    label={Quote(site.Key.Length > 0 ? site.Key : "no site")};\n");
            foreach (IGrouping<string, VMHost> cluster in site.GroupBy(h => h.Cluster))
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"    subgraph cluster_{box++} {{\n      label={Quote(cluster.Key.Length > 0 ? cluster.Key : "no cluster")};\n");
                foreach (VMHost host in cluster) Write(text, host);
                text.Append("    }\n");
            }
            text.Append("  }\n");
        }
        return text.Append("}\n").ToString();
    }

    static void Write(StringBuilder text, VMHost host)
    {
        string id = Quote($"host {host.Name}");
        text.Append(CultureInfo.InvariantCulture, $"      {id} [label={Quote(host.ShortName)}, fillcolor=\"{TopologyColours.Fill(host.State)}\"];\n");
        foreach (VirtualMachine machine in host.Machines)
        {
            string name = Quote($"vm {machine.Id}");
            text.Append(CultureInfo.InvariantCulture,
                $"      {name} [label={Quote($"{machine.Id}\n{machine.Size}")}, fillcolor=\"{TopologyColours.Fill(machine.State)}\"];\n");
            text.Append(CultureInfo.InvariantCulture, $"      {id} -- {name};\n");
        }
    }

    /// <summary>A string of DOT: only the quotation mark and the backslash mean anything, and \n is a new line.</summary>
    static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
