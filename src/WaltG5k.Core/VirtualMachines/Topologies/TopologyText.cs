using WaltG5k.Core.Text;
using WaltG5k.Core.VirtualMachines.Topologies.Forms;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>The forms in which a topology is kept.</summary>
public enum TopologyFormat
{
    /// <summary>vm5k's.</summary>
    Xml,
    Json,
    /// <summary>A data file of PowerShell; it is read, never run.</summary>
    Psd1,
}

/// <summary>What reading gave: a topology where nothing worse than warnings was found, and whatever was found.</summary>
public sealed record TopologyReading(VMTopology? Topology)
{
    public IReadOnlyList<TopologyProblem> Problems { get; init => field = value.AsArray(); } = [];
}

/// <summary>Topologies as text, in and out. What is written is read again as the same.</summary>
public static class TopologyText
{
    /// <summary>The form of a file by its name; null: it does not tell.</summary>
    public static TopologyFormat? FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".xml" => TopologyFormat.Xml,
        ".json" => TopologyFormat.Json,
        ".psd1" => TopologyFormat.Psd1,
        _ => null,
    };

    /// <summary>The form of a text by its first sign.</summary>
    public static TopologyFormat Guess(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().TrimStart('\uFEFF')
            .TrimStart() switch { ['<', not '#', ..] => TopologyFormat.Xml, ['{', ..] => TopologyFormat.Json, _ => TopologyFormat.Psd1 };
    }

    /// <param name="text">The description.</param>
    /// <param name="format">Its form.</param>
    /// <param name="file">Where it comes from, for the places of mistakes.</param>
    public static TopologyReading Read(string text, TopologyFormat format, string file = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        var problems = new List<TopologyProblem>();
        VMTopology? topology = null;
        try
        {
            text = text.TrimStart('\uFEFF');
            DataValue root = format switch { TopologyFormat.Xml => XmlTree.Read(text, problems), TopologyFormat.Json => JsonTree.Read(text),
                _ => Psd1Tree.Read(text) };
            if (root is DataMap map)
            {
                var builder = new TopologyBuilder(problems);
                topology = builder.Build(map);
                problems.AddRange(TopologyCheck.Run(topology, capacity: null, builder.LineOf));
            }
            else
            {
                problems.Add(new TopologyProblem("InvalidSyntax", "A topology is a table with the key Hosts.") { Line = root.Line });
            }
        }
        catch (DataSyntaxException e)
        {
            problems.Add(new TopologyProblem("InvalidSyntax", e.Message) { Line = e.Line });
        }
        return new TopologyReading(problems.Exists(p => !p.IsWarning)
            ? null
            : topology) { Problems = [.. problems.Select(p => p with { File = file }).OrderBy(p => p.Line)] };
    }

    public static string Write(VMTopology topology, TopologyFormat format)
    {
        ArgumentNullException.ThrowIfNull(topology);
        return format switch
        {
            TopologyFormat.Xml => XmlTopologyWriter.Write(topology),
            TopologyFormat.Json => TreeWriter.ToJson(TopologyTree.Of(topology)),
            _ => TreeWriter.ToPsd1(TopologyTree.Of(topology)),
        };
    }
}
