using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

/// <summary>Asks booted nodes themselves for their boot script over HTTP: the way by which boot loader and kexec get kernel and initrd.</summary>
static class NodeHttpChecks
{
    public const string Check = "http-from-node";
    const int NotFound = 127;
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Images have one or the other.</summary>
    static readonly string[][] s_clients = [["curl", "-fsS", "-m", "10", "-o", "/dev/null"], ["wget", "-q", "-T", "10", "-O", "/dev/null"]];

    /// <param name="address">The server's in the network of its nodes.</param>
    public static async Task<IReadOnlyList<WaltBootCheck>> RunAsync(WaltServer server, string address, IReadOnlyList<WaltNodeInfo> nodes,
        CancellationToken cancellationToken)
    {
        string url = $"http://{address}/boot/start.ipxe";
        List<WaltBootCheck> checks = [];
        NodeTarget[] left = [.. nodes.Where(n => n.IsBooted).Select(WaltServer.GetTarget)];
        NodeExecutor executor = new(_ => server.Shell, server.Time);
        await using (executor.ConfigureAwait(false))
        {
            foreach (string[] client in s_clients)
            {
                if (left.Length == 0) break;
                NodeCommand command = NodeCommand.Program([.. client, url]) with { Effect = CommandEffect.Read };
                IReadOnlyList<NodeCommandResult> results =
                    await executor.RunAllAsync(left, command, new NodeExecutionOptions { Timeout = s_limit }, null, cancellationToken)
                    .ConfigureAwait(false);
                checks.AddRange(results.Where(r => r.ExitStatus != NotFound).Select(r => Judge(r, url, server.Host)));
                left = [.. results.Where(r => r.ExitStatus == NotFound).Select(r => r.Target)];
            }
        }
        return [.. checks, .. left.Select(t => Make(t.Name, WaltBootCheckState.Unknown, "the image has neither curl nor wget"))];
    }

    static WaltBootCheck Judge(NodeCommandResult result, string url, string host) => result.State switch
    {
        NodeCommandState.Succeeded => Make(result.Name, WaltBootCheckState.Passed, $"{url} answers"),
        NodeCommandState.Failed => Make(result.Name, WaltBootCheckState.Failed, $"{url} does not answer: {result.Reason}",
        $"ssh root@{host} systemctl restart walt-server-httpd"),
        _ => Make(result.Name, WaltBootCheckState.Unknown, $"it cannot be asked: {result.Reason}", "Get-WaltNode -Booted | Test-WaltNode"),
    };

    static WaltBootCheck Make(string node, WaltBootCheckState state, string seen, string recommendation = "") =>
        new(Check, state) { Nodes = [node], Seen = seen, Recommendation = recommendation };
}
