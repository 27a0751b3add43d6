using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

/// <summary>Reads on the server itself which image each node is given: the command for a root shell there, and its output.</summary>
public static class ImageLinks
{
    /// <summary>Prints each name and, below it, where its link points to. Succeeds although links are missing.</summary>
    public static string GetCommand(IEnumerable<string> nodes) =>
        string.Concat(nodes.Select(n => $"echo {PosixShell.Quote(n)}; readlink {PosixShell.Quote($"/var/lib/walt/nodes/{n}/fs")}; ")) + "true";

    /// <summary>Links by node name, for <see cref="WaltServer.ReadImageLinks"/>.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string output)
    {
        Dictionary<string, string> links = new(StringComparer.Ordinal);
        string node = "";
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Contains('/', StringComparison.Ordinal)) links[node] = line;
            else node = line;
        }
        return links;
    }
}
