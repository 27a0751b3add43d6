using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt.Shell;

namespace WaltG5k.Core.Walt;

/// <summary>Reads on the server itself which image each node is given: the command for a root shell there, and its output.</summary>
public static class ImageLinks
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Links by node name, for <see cref="WaltServer.ReadImageLinks"/>.</summary>
    /// <exception cref="G5kException"><c>ImageLinksNotRead</c>, or what the shell throws.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(ServerFrontend shell, IEnumerable<string> nodes,
        CancellationToken cancellationToken = default)
    {
        CommandResult result = await shell.RunShellAsync(GetCommand(nodes), new CommandRequest { Timeout = s_limit }, cancellationToken)
            .ConfigureAwait(false);
        return Parse(result.EnsureSuccess("ImageLinksNotRead", "The nodes' links could not be read", shell.Host).Output);
    }

    /// <summary>Prints each name and, below it, where its link points to. Succeeds although links are missing.</summary>
    public static string GetCommand(IEnumerable<string> nodes) =>
        string.Concat(nodes.Select(n => $"echo {PosixShell.Quote(n)}; readlink {PosixShell.Quote($"/var/lib/walt/nodes/{n}/fs")}; ")) + "true";

    /// <summary>Links by node name, as that command printed them.</summary>
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
