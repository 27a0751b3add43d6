using System.Globalization;
using System.Security.Cryptography;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.VirtualMachines;

namespace WaltG5k.Testbed.Ssh;

/// <summary>Images on their way between nodes, by python3's HTTP server and curl.</summary>
internal static partial class RemotePrograms
{
    const double DiskSpeed = 300e6, NetworkSpeed = 1.1e9, SumSpeed = 600e6;

    /// <summary>How many bytes a file stands for.</summary>
    internal static long SizeOf(string content) => QemuImage.Is(content) ? QemuImage.Read(content).ActualSize : NodeBytes.FromText(content).Length;

    static async Task<int> CurlAsync(RemoteRun run)
    {
        int place = run.Arguments.ToList().IndexOf("-o");
        bool isTransfer = place >= 0 && Uri.TryCreate(run.Arguments[^1], UriKind.Absolute, out Uri? uri) && uri.Port != 80;
        if (!isTransfer) return await Locked(Fetch)(run).ConfigureAwait(false);
        return await ReceiveAsync(run, new Uri(run.Arguments[^1]), run.Arguments[place + 1]).ConfigureAwait(false);
    }

    static async Task<int> ReceiveAsync(RemoteRun run, Uri uri, string target)
    {
        TestbedWorld world = run.Machine.World;
        NodeModel? source;
        string? content;
        double seconds;
        int generation;
        lock (world.Sync)
        {
            content = world.TryFindNode(run.Machine.Node.Site, uri.Host, out source) && source.Power == NodePower.Up
                ? Served(world, source, uri)
                : null;
            if (source is null || source.Power != NodePower.Up || Servers(world, source).All(s => s.Port != uri.Port))
                return run.Fail(string.Create(CultureInfo.InvariantCulture,
                    $"(7) Failed to connect to {uri.Host} port {uri.Port} after 2 ms: Couldn't connect to server"), 7);
            if (content is null) return run.Fail("(22) The requested URL returned error: 404", 22);
            world.Uploads[source] = world.Uploads.GetValueOrDefault(source) + 1;
            seconds = SizeOf(content) / Math.Min(DiskSpeed, NetworkSpeed / world.Uploads[source]);
            generation = source.BootGeneration;
        }
        try { await PassAsync(run, 0.3 + seconds).ConfigureAwait(false); }
        finally { lock (world.Sync) world.Uploads[source]--; }
        lock (world.Sync)
        {
            if (source.BootGeneration != generation || Served(world, source, uri) is null)
                return run.Fail("(18) transfer closed with outstanding read data remaining", 18);
            return run.Files.TryWrite(target, content) ? 0 : run.Fail($"(23) Failure writing output to destination: {target}: {NoSuchFile}", 23);
        }
    }

    /// <summary>The folders that python3 serves on a node, by port.</summary>
    static IEnumerable<(int Port, string Folder)> Servers(TestbedWorld world, NodeModel node)
    {
        foreach ((string path, string content) in world.NodeLife.DiskOf(node).Files)
        {
            if (!path.StartsWith("/run/systemd/transient/", StringComparison.Ordinal)) continue;
            string[] words = [.. ShellSyntax.Parse(content).SelectMany(c => c.Words)];
            if (words is ["python3", "-m", "http.server", .., var port] && int.TryParse(port, CultureInfo.InvariantCulture, out int number)
                && Array.IndexOf(words, "--directory") is > 0 and var at)
                yield return (number, words[at + 1]);
        }
    }

    static string? Served(TestbedWorld world, NodeModel node, Uri uri) =>
        Servers(world, node).Where(s => s.Port == uri.Port)
        .Select(s => new RemoteFiles(world.NodeLife.DiskOf(node)).Read(s.Folder + Uri.UnescapeDataString(uri.AbsolutePath)))
        .FirstOrDefault(c => c is not null);

    static async Task<int> SumAsync(RemoteRun run)
    {
        int status = 0;
        foreach (string path in run.Operands)
        {
            string? content;
            lock (run.Machine.World.Sync) content = run.Files.Read(path);
            if (content is null)
            {
                status = run.Fail($"{path}: {NoSuchFile}");
                continue;
            }
            await PassAsync(run, SizeOf(content) / SumSpeed).ConfigureAwait(false);
            run.Print($"{Convert.ToHexStringLower(SHA256.HashData(NodeBytes.FromText(content)))}  {path}");
        }
        return status;
    }
}
