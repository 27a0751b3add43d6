using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace WaltG5k.Core.VirtualMachines.Topologies.Forms;

/// <summary>
/// Reads vm5k's XML as the same tree as the other forms: <c>vm5k</c> or <c>deployment</c> over <c>site</c>, <c>cluster</c>, <c>host</c>, <c>vm</c>.
/// Attributes become keys; those of hosts are brought to our units. A program of vm5k never read what it does not know, nor do we lose it.
/// </summary>
static class XmlTree
{
    /// <summary>Bytes of a MiB against those of the decimal MB in which vm5k writes the memory of hosts.</summary>
    const double MegabytesPerMebibyte = 1.048576;
    /// <summary>No host has as many threads; vm5k once wrote a hundred for each core.</summary>
    const long FirstCentiCores = 400;

    static readonly char[] s_blanks = [' ', ',', '\t', '\n', '\r'];

    /// <exception cref="DataSyntaxException"/>
    public static DataMap Read(string text, List<TopologyProblem> problems)
    {
        XElement root;
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
            using var reader = XmlReader.Create(new StringReader(text), settings);
            root = XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e)
        {
            throw new DataSyntaxException(Math.Max(1, e.LineNumber), $"This is no XML: {e.Message.Split(" Line ", 2)[0]}");
        }
        var map = new DataMap(LineOf(root));
        CopyAttributes(root, map, name => name);
        foreach (string rules in (ReadOnlySpan<string>)["apart", "together"]) Split(map, rules);
        var hosts = new DataList(map.Line);
        Walk(root, "", "", hosts, problems);
        map.Add("hosts", hosts);
        return map;
    }

    /// <summary>Goes down through sites and clusters; a level that is left out leaves its name empty.</summary>
    static void Walk(XElement element, string site, string cluster, DataList hosts, List<TopologyProblem> problems)
    {
        foreach (XElement child in element.Elements())
        {
            string id = child.Attribute("id")?.Value.Trim() ?? "";
            switch (child.Name.LocalName)
            {
                case "site": Walk(child, Known(id), "", hosts, problems); break;
                case "cluster": Walk(child, site, Known(id), hosts, problems); break;
                case "host": hosts.Items.Add(ReadHost(child, site, cluster, problems)); break;
                case var name:
                    problems.Add(new TopologyProblem("UnknownElement",
                    $"<{name}> does not belong into <{element.Name.LocalName}>.") { Line = LineOf(child) });
                    break;
            }
            if (child.Name.LocalName is not ("site" or "cluster")) continue;
            if (id.Length == 0) problems.Add(new TopologyProblem("MissingValue", $"<{child.Name.LocalName}> has no id.") { Line = LineOf(child) });
            foreach (XAttribute other in child.Attributes().Where(a => a.Name.LocalName != "id" && !a.IsNamespaceDeclaration))
                problems.Add(new TopologyProblem("UnknownKey",
                    $"{other.Name.LocalName} of <{child.Name.LocalName}> is not kept.") { Line = LineOf(child), IsWarning = true });
        }
    }

    /// <summary>vm5k puts hosts that it cannot place under <c>unknown</c>.</summary>
    static string Known(string id) => id == "unknown" ? "" : id;

    static DataMap ReadHost(XElement element, string site, string cluster, List<TopologyProblem> problems)
    {
        var host = new DataMap(LineOf(element));
        if (site.Length > 0) host.Add("site", site);
        if (cluster.Length > 0) host.Add("cluster", cluster);
        bool hasThreads = element.Attribute("threads") is not null;
        foreach (XAttribute attribute in Attributes(element))
        {
            switch (attribute.Name.LocalName)
            {
                case "id": host.Add("name", attribute.Value); break;
                case "threads": host.Add("cpu", attribute.Value); break;
                case "cpu": host.Add(hasThreads ? "cores" : "cpu", Cores(attribute.Value)); break;
                case "mem": host.Add("memory", Mebibytes(attribute.Value)); break;
                case var name: host.Add(XmlConvert.DecodeName(name), attribute.Value); break;
            }
        }
        var machines = new DataList(host.Line);
        foreach (XElement child in element.Elements())
        {
            if (child.Name.LocalName == "vm") machines.Items.Add(ReadMachine(child, problems));
            else problems.Add(new TopologyProblem("UnknownElement",
                $"<{child.Name.LocalName}> does not belong into <host>.") { Line = LineOf(child) });
        }
        host.Add("machines", machines);
        return host;
    }

    /// <summary>A machine; vm5k's command also takes one as its template.</summary>
    public static DataMap ReadMachine(XElement element, List<TopologyProblem> problems)
    {
        var machine = new DataMap(LineOf(element));
        // The manual says cpu, the program reads n_cpu: where both are there the program is right.
        bool hasBoth = element.Attribute("n_cpu") is not null && element.Attribute("cpu") is not null;
        CopyAttributes(element, machine, name => name == "cpu" && hasBoth ? "cpu_of_manual" : name);
        Split(machine, "groups");
        if (!element.HasElements) return machine;
        // Further disks are our own addition; vm5k does not look into <vm>.
        var disks = new DataList(machine.Line);
        foreach (XElement child in element.Elements())
        {
            if (child.Name.LocalName != "disk")
            {
                problems.Add(new TopologyProblem("UnknownElement", $"<{child.Name.LocalName}> does not belong into <vm>.") { Line = LineOf(child) });
                continue;
            }
            var disk = new DataMap(LineOf(child));
            CopyAttributes(child, disk, name => name);
            disks.Items.Add(disk);
        }
        machine.Add("more_disks", disks);
        return machine;
    }

    static void CopyAttributes(XElement element, DataMap map, Func<string, string> rename)
    {
        foreach (XAttribute attribute in Attributes(element))
            map.Entries.Add(new DataEntry(rename(XmlConvert.DecodeName(attribute.Name.LocalName)),
            new DataScalar(LineOf(attribute), attribute.Value)));
    }

    static IEnumerable<XAttribute> Attributes(XElement element) => element.Attributes().Where(a => !a.IsNamespaceDeclaration);

    /// <summary>A list is words with blanks between them in an attribute.</summary>
    static void Split(DataMap map, string key)
    {
        for (int i = 0; i < map.Entries.Count; i++)
        {
            if (map.Entries[i] is not { Value: DataScalar { Value: string text } value } entry || entry.Key != key) continue;
            var list = new DataList(value.Line);
            list.Items.AddRange(text.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries).Select(word => new DataScalar(value.Line, word)));
            map.Entries[i] = new DataEntry(key, list);
        }
    }

    static object Cores(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long cores)
        ? cores >= FirstCentiCores && cores % 100 == 0 ? cores / 100
        : cores : text;

    static object Mebibytes(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long megabytes)
        ? (long)Math.Round(megabytes / MegabytesPerMebibyte)
        : text;

    static int LineOf(IXmlLineInfo node) => node.HasLineInfo() ? node.LineNumber : 0;
}
