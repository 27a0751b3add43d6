using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

/// <summary>What booting needs of the WalT server itself.</summary>
sealed class ServerBootChecks(WaltServer server)
{
    const string DhcpFile = "/var/lib/walt/services/dhcpd/dhcpd.conf";
    /// <summary>There is this check only where the server's shell is not open.</summary>
    public const string NoShell = "shell";

    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<WaltBootCheck>> RunAsync(IReadOnlyList<WaltNodeInfo> nodes, CancellationToken cancellationToken)
    {
        string version = await server.CheckAsync(cancellationToken).ConfigureAwait(false);
        List<WaltBootCheck> checks = [new("server", WaltBootCheckState.Passed) { Seen = $"WalT {version} answers; {nodes.Count} nodes" },
            HardReboot()];
        try
        {
            await RunAsync("true", cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e)
        {
            return
            [
                .. checks, Race(isExact: false),
                new(NoShell, WaltBootCheckState.Unknown) { Seen = $"DHCP, NBFS and the nodes' side cannot be seen: {e.Message}",
                Recommendation = e.Recommendation ?? $"ssh root@{server.Host}" },
            ];
        }
        return
        [
            .. checks, Race(server.ReadImageLinks is not null), await DhcpAsync(nodes, cancellationToken).ConfigureAwait(false),
            await HttpAsync(nodes, cancellationToken).ConfigureAwait(false), await NbfsAsync(nodes, cancellationToken).ConfigureAwait(false),
        ];
    }

    WaltBootCheck HardReboot() => server.HardReboot is not null
        ? new("hard-reboot", WaltBootCheckState.Passed) { Seen = "kareboot3" }
        : new("hard-reboot", WaltBootCheckState.Warning)
        {
            Seen = "nothing is known that could reset nodes that hang",
            Recommendation = "Use the server of a deployment: Get-WaltDeployment",
        };

    /// <summary>WalT 10.0 answers an order for another image before nodes are given it.</summary>
    static WaltBootCheck Race(bool isExact) => isExact
        ? new("image-race", WaltBootCheckState.Passed) { Seen = "each node's link is read on the server before the node reboots" }
        : new("image-race", WaltBootCheckState.Warning)
        {
            Seen = "boot files are compared over HTTP: images with the same kernel and initrd are told apart by waiting only",
            Recommendation = "Open root's shell on the server to your key.",
        };

    async Task<WaltBootCheck> DhcpAsync(IReadOnlyList<WaltNodeInfo> nodes, CancellationToken cancellationToken)
    {
        CommandResult file = await RunAsync($"cat {DhcpFile}", cancellationToken).ConfigureAwait(false);
        if (file.ExitStatus != 0)
            return new("dhcp", WaltBootCheckState.Failed) { Seen = $"{DhcpFile} cannot be read: {file.LastLines(1)}",
                Recommendation = $"ssh root@{server.Host} journalctl -u walt-server -n 50" };
        string[] missing = [.. nodes.Where(n => !file.Output.Contains(n.Mac, StringComparison.OrdinalIgnoreCase)).Select(n => n.Name)];
        return missing.Length == 0
            ? new("dhcp", WaltBootCheckState.Passed) { Seen = $"all {nodes.Count} nodes have their address" }
            : new("dhcp", WaltBootCheckState.Failed)
            {
                Nodes = missing,
                Seen = $"{missing.Length} nodes are not in {DhcpFile}",
                Recommendation = "The server writes it some seconds after a change; then: ssh root@SERVER journalctl -u walt-server -n 50".Replace(
                "SERVER", server.Host, StringComparison.Ordinal),
            };
    }

    /// <summary>From the server to its own address in the nodes' network: the way of the nodes but for their cable.</summary>
    async Task<WaltBootCheck> HttpAsync(IReadOnlyList<WaltNodeInfo> nodes, CancellationToken cancellationToken)
    {
        if (nodes.Count == 0) return new("http", WaltBootCheckState.Unknown) { Seen = "there is no node to ask for" };
        string url = $"http://{await GetAddressAsync(cancellationToken).ConfigureAwait(false)}/boot/start.ipxe?node_ip={nodes[0].Ip}";
        CommandResult result = await RunAsync(PosixShell.Join(["curl", "-fsS", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", url]),
            cancellationToken).ConfigureAwait(false);
        return result.ExitStatus switch
        {
            0 => new("http", WaltBootCheckState.Passed) { Seen = $"{url} answers" },
            127 => new("http", WaltBootCheckState.Unknown) { Seen = "the server has no curl",
            Recommendation = $"ssh root@{server.Host} apt-get install -y curl" },
            _ => new("http", WaltBootCheckState.Failed)
            {
                Seen = $"{url}: {result.LastLines(1)}",
                Recommendation = $"ssh root@{server.Host} systemctl restart walt-server-httpd",
            },
        };
    }

    /// <summary>The server's address in the network of its nodes: by its configuration, else that of deployments.</summary>
    public async Task<string> GetAddressAsync(CancellationToken cancellationToken)
    {
        CommandResult file = await RunAsync("cat /etc/walt/server.conf", cancellationToken).ConfigureAwait(false);
        try
        {
            return (string?)JsonNode.Parse(file.Output)?["network"]?["walt-net"]?["ip"] is { Length: > 0 } address
                ? address.Split('/')[0]
                : WaltNetwork.Server;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return WaltNetwork.Server;
        }
    }

    async Task<WaltBootCheck> NbfsAsync(IReadOnlyList<WaltNodeInfo> nodes, CancellationToken cancellationToken)
    {
        var nbfs = new NbfsServer(server);
        bool hasDaemon = await nbfs.HasDaemonAsync(cancellationToken).ConfigureAwait(false);
        if (!hasDaemon) return new("nbfs", WaltBootCheckState.Absent) { Seen = "no nbfsd on the server: nodes boot with NFS" };
        HashSet<string> used = [.. nodes.Select(n => n.Image)];
        List<string> with = [], without = [];
        foreach (WaltImageInfo image in (await server.GetImagesAsync(cancellationToken).ConfigureAwait(false)).Where(i => used.Contains(i.FullName)))
            (await nbfs.FindClientAsync(image, cancellationToken).ConfigureAwait(false) is null ? without : with).Add(image.Name);
        string seen =
            $"nbfsd runs; images with a client: {(with.Count == 0 ? "none" : string.Join(", ", with))}{(without.Count == 0 ? "" : $"; without: {string.Join(", ", without)}")}";
        return new("nbfs", with.Count > 0 ? WaltBootCheckState.Passed : WaltBootCheckState.Absent)
        {
            Seen = seen,
            Recommendation = with.Count > 0 ? "Invoke-WaltNodeBoot * -RootFileSystem Nbfs" : "",
        };
    }

    Task<CommandResult> RunAsync(string line, CancellationToken cancellationToken) =>
        server.Shell.RunShellAsync(line, new CommandRequest("sh") { Timeout = s_limit }, cancellationToken);
}
