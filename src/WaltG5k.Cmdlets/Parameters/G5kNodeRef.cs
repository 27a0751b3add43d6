using System.Globalization;
using System.Management.Automation;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Parameters;

/// <summary>A node of Grid'5000 by its name (<c>gros-1.nancy.grid5000.fr</c>, <c>gros-1.nancy</c>, <c>gros-1</c>), or all nodes of a job.</summary>
public sealed class G5kNodeRef
{
    public G5kNodeRef(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name.ToLowerInvariant();
    }

    public G5kNodeRef(OarJobRef job)
    {
        ArgumentNullException.ThrowIfNull(job);
        (Name, Job) = (job.ToString(), job);
    }

    /// <summary>The name of the node, or of the job.</summary>
    public string Name { get; }

    /// <summary>The job whose nodes are meant; null: a node is.</summary>
    public OarJobRef? Job { get; }

    public override string ToString() => Name;
}

/// <summary>Nodes from names, node sets, jobs (<c>nancy:2400001</c>), reservations, or objects that stand for one of these.</summary>
public sealed class G5kNodeConversionAttribute : ConversionAttribute
{
    /// <summary>The properties under which objects of other commands name their node.</summary>
    static readonly string[] s_nameProperties = ["Node", "Name", "Host", "ComputerName", "PSComputerName"];

    protected override object Convert(object value) => Items(value).SelectMany(ToNodes).ToArray();

    static IEnumerable<G5kNodeRef> ToNodes(object item) => item switch
    {
        G5kNodeRef node => [node],
        NodeInfo node => [new G5kNodeRef(node.Name)],
        OarJobRef job => [new G5kNodeRef(job)],
        OarJob job => [new G5kNodeRef(new OarJobRef(job.Site, job.Id))],
        ReservationJob job => [new G5kNodeRef(new OarJobRef(job.Site, job.JobId))],
        Reservation reservation => reservation.Jobs.Select(j => new G5kNodeRef(new OarJobRef(j.Site, j.JobId))),
        string text => Parse(text),
        _ => FromProperties(PSObject.AsPSObject(item)),
    };

    static IEnumerable<G5kNodeRef> Parse(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(part => new G5kNodeRef(OarJobRef.Parse(part)));
        if (text.AsSpan().ContainsAny('*', '?'))
            throw new FormatException($"'{text}': wildcards are not taken here; choose with Get-G5kNode {text} and pass the nodes on.");
        return NodeNames.Expand(text).Select(n => new G5kNodeRef(n));
    }

    /// <summary>Results of other commands, lines of a CSV file, objects that came back from another process.</summary>
    static IEnumerable<G5kNodeRef> FromProperties(PSObject item)
    {
        foreach (string property in s_nameProperties)
        {
            if (Unwrap(item.Properties[property]?.Value) is string { Length: > 0 } name) return Parse(name);
        }
        throw new FormatException(string.Create(CultureInfo.InvariantCulture,
            $"'{item}' names no node: give a name, a node set (gros-[1-4].nancy), a job (nancy:2400001) or a reservation."));
    }
}
