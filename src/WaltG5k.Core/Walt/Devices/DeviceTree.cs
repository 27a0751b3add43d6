using System.Text.RegularExpressions;

namespace WaltG5k.Core.Walt.Devices;

/// <summary>Reads the tree of <c>device_tree</c>: lines drawn with bars, a port and a label on each, up to the notes below it.</summary>
static partial class DeviceTree
{
    /// <summary>The bar before an entry, in both character sets that the server has.</summary>
    [GeneratedRegex(@"^(?<indent>[ │|]*)[├└|][─-](?<entry>.+)$")]
    private static partial Regex Branch { get; }

    [GeneratedRegex(@"^(?<port>[^:]*): (?<label>.+)$")]
    private static partial Regex Entry { get; }

    /// <summary>Null where the text is no tree: the server then says why.</summary>
    public static IReadOnlyList<WaltTreeEntry>? Read(string text)
    {
        List<WaltTreeEntry> entries = [];
        Stack<(int Column, int Index)> path = new();
        foreach (string line in text.Split('\n'))
        {
            Match branch = Branch.Match(line);
            if (!branch.Success)
            {
                if (entries.Count > 0) break;
                if (ReadRoot(line.Trim()) is not { } root) continue;
                entries.Add(root);
                path.Push((-1, 0));
                continue;
            }
            if (entries.Count == 0) return null;
            int column = branch.Groups["indent"].Length;
            while (path.Peek().Column >= column) path.Pop();
            Add(entries, path, column, branch.Groups["entry"].Value);
        }
        return entries.Count > 0 ? entries : null;
    }

    static void Add(List<WaltTreeEntry> entries, Stack<(int Column, int Index)> path, int column, string text)
    {
        int parent = path.Peek().Index;
        Match match = Entry.Match(text);
        if (!match.Success)
        {
            // What stands in the place of a switch's children when they are not shown.
            entries[parent] = entries[parent] with { Note = text.Replace("[...] ~> ", "", StringComparison.Ordinal) };
            return;
        }
        string port = match.Groups["port"].Value;
        // A switch seen from its other side is no further device.
        if (match.Groups["label"].Value.StartsWith("~> back to", StringComparison.Ordinal)) return;
        path.Push((column, entries.Count));
        entries.Add(ReadLabel(match.Groups["label"].Value) with { Port = port == "?" ? "" : port, Parent = entries[parent].Name,
            Depth = path.Count - 1 });
    }

    static WaltTreeEntry? ReadRoot(string line) => ReadLabel(line) is { Type: "switch" } root ? root : null;

    /// <summary><c>-- name --</c> is a switch, <c>&lt;? name ?&gt;</c> unknown, <c>(name)</c> not seen by the last scan.</summary>
    static WaltTreeEntry ReadLabel(string label)
    {
        bool isDetected = !(label.StartsWith('(') && label.EndsWith(')'));
        string inner = isDetected ? label : label[1..^1];
        (string name, string type) = inner.StartsWith("-- ", StringComparison.Ordinal) && inner.EndsWith(" --", StringComparison.Ordinal)
            && inner.Length > 6 ? (inner[3..^3], "switch")
            : inner.StartsWith("<? ", StringComparison.Ordinal) && inner.EndsWith(" ?>", StringComparison.Ordinal) && inner.Length > 6
            ? (inner[3..^3], "unknown")
            : (inner, "");
        return new WaltTreeEntry(name) { Type = type, IsDetected = isDetected };
    }
}
