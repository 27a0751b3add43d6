using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using WaltG5k.Core.VirtualMachines.Topologies.Forms;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>
/// Machines of one kind on a command line: <c>web:4x2cpu,4GB,disk=20GB,image=debian12</c> is four machines web-1 to web-4 in the group web. vm5k's
/// form, <c>&lt;vm mem="1024" hdd="10" n_cpu="1"/&gt;</c>, is read as well.
/// </summary>
/// <param name="Prefix">Names are the prefix, a hyphen and a number from 1 on; it is a group as well.</param>
/// <param name="Count">How many.</param>
/// <param name="Machine">What each of them is, but for its name.</param>
public sealed partial record VMTemplate(string Prefix, int Count, VirtualMachine Machine)
{
    const int MaximumCount = 100_000;
    /// <summary>vm5k's names are vm-1, vm-2, …</summary>
    const string DefaultPrefix = "vm";
    const long SmallestMemory = 16 * ByteSizes.Mebibyte;
    const string ImageFolder = "/grid5000/virt-images";

    /// <param name="text">See the type. Sizes of memory without unit are MiB, those of disks GiB; an image without a slash is one of Grid'5000's
    /// own.</param>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static VMTemplate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (text.StartsWith('<')) return ParseXml(text);
        string prefix = DefaultPrefix;
        bool isNamed = Name().Match(text) is { Success: true } named && (prefix = named.Groups["name"].Value).Length > 0;
        if (isNamed) text = text[(prefix.Length + 1)..].TrimStart();
        int count = 1;
        if (Times().Match(text) is { Success: true } times)
        {
            if (!int.TryParse(times.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out count)
                || count is < 1 or > MaximumCount)
                throw Wrong(times.Value, FormattableString.Invariant($"a number of machines from 1 to {MaximumCount}"));
            text = text[times.Length..];
        }
        var map = new DataMap(0);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) AddPart(map, part);
        if (isNamed && !map.Entries.Exists(e => e.Key is "groups" or "group")) map.Add("groups", prefix);
        return new VMTemplate(prefix, count, Build(map, prefix));
    }

    /// <summary>
    /// Templates whose parts a command line has split at commas: a part begins a new one when it has a name or a number of machines, or says again
    /// what the one before has said. A text with commas of its own is one whole.
    /// </summary>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static IReadOnlyList<VMTemplate> ParseAll(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var texts = new List<string>();
        var kinds = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        bool isOpen = false;
        foreach (string word in words.Select(w => w.Trim()).Where(w => w.Length > 0))
        {
            bool isWhole = word[0] == '<' || word.Contains(',', StringComparison.Ordinal);
            bool begins = isWhole || !isOpen || Name().IsMatch(word) || Times().IsMatch(word) || kinds.Contains(KindOf(word));
            if (begins)
            {
                texts.Add(word);
                kinds.Clear();
            }
            else
            {
                texts[^1] += $",{word}";
            }
            kinds.Add(KindOf(word));
            isOpen = !isWhole;
        }
        return [.. texts.Select(Parse)];
    }

    /// <summary>What a part speaks of: a key, memory, or vCPU.</summary>
    static string KindOf(string part)
    {
        part = Name().Replace(part, "").Trim();
        part = Times().Replace(part, "");
        if (part.Split('=', 2) is [var key, _]) return key;
        return ByteSizes.TryParse(part, ByteSizes.Mebibyte, out _) ? "memory" : "cpu";
    }

    /// <summary>The machines, whose names avoid those in use.</summary>
    /// <param name="taken">Names in use; those made are added.</param>
    public IReadOnlyList<VirtualMachine> Expand(ISet<string> taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        var machines = new List<VirtualMachine>(Count);
        for (int number = 1; machines.Count < Count; number++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{number}");
            if (taken.Add(id)) machines.Add(Machine with { Id = id });
        }
        return machines;
    }

    /// <summary>The machines of several templates, all with names of their own.</summary>
    public static IReadOnlyList<VirtualMachine> Expand(IEnumerable<VMTemplate> templates)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. templates.SelectMany(t => t.Expand(taken))];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}:{Count}x{Machine.Cpu}cpu,{Machine.Memory}MB");

    static void AddPart(DataMap map, string part)
    {
        if (part.Split('=', 2, StringSplitOptions.TrimEntries) is [var key, var value])
        {
            if (key.StartsWith("group", StringComparison.OrdinalIgnoreCase)) map.Add(key, List(value));
            else map.Add(key, key.Equals("image", StringComparison.OrdinalIgnoreCase) ? ImagePath(value) : value);
        }
        else if (Cpus().Match(part) is { Success: true } cpus)
        {
            map.Add("cpu", cpus.Groups["count"].Value);
        }
        else if (ByteSizes.TryParse(part, ByteSizes.Mebibyte, out decimal bytes))
        {
            // Who writes 4 means four machines, and no system starts in 4 MiB.
            if (bytes < SmallestMemory) throw Wrong(part, "memory of 16 MiB or more; a number of machines is written as 4x");
            map.Add("memory", part);
        }
        else
        {
            throw Wrong(part, "something like 2cpu, 4GB, disk=20GB, image=debian12");
        }
    }

    /// <summary>An image without a slash is one of Grid'5000's own.</summary>
    static string ImagePath(string name)
    {
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal)) return name;
        return name.Contains('.', StringComparison.Ordinal) ? $"{ImageFolder}/{name}" : $"{ImageFolder}/{name}.qcow2";
    }

    static DataList List(string words)
    {
        var list = new DataList(0);
        list.Items.AddRange(words.Split('+', StringSplitOptions.TrimEntries).Select(w => new DataScalar(0, w)));
        return list;
    }

    static VMTemplate ParseXml(string text)
    {
        try
        {
            var element = XElement.Parse(text);
            if (element.Name.LocalName != "vm") throw Wrong(text, "one <vm> element");
            var problems = new List<TopologyProblem>();
            DataMap map = XmlTree.ReadMachine(element, problems);
            if (problems.Count > 0) throw new FormatException(problems[0].Message);
            return new VMTemplate(DefaultPrefix, 1, Build(map, DefaultPrefix));
        }
        catch (XmlException e) { throw new FormatException($"The template is no XML: {e.Message}", e); }
    }

    static VirtualMachine Build(DataMap map, string prefix)
    {
        var problems = new List<TopologyProblem>();
        VirtualMachine? machine = new TopologyBuilder(problems).ReadMachine(map, "", prefix);
        if (problems.Count > 0) throw new FormatException(string.Join(" ", problems.Select(p => p.Message)));
        if (machine!.Attributes.Keys.FirstOrDefault() is { } unknown)
            throw Wrong(unknown, "cpu, memory, disk, image, strategy, group, host or cpuset");
        return machine;
    }

    static FormatException Wrong(string part, string wanted) => new($"'{part}' in the template is not {wanted}.");

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*):", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?<count>\d+)\s*[x×*]\s*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Times();

    [GeneratedRegex(@"^(?<count>\d+)\s*v?cpus?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Cpus();
}
