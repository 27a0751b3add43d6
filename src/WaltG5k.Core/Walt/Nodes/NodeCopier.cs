using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

/// <summary>Copies files and folders between this machine and nodes, as tar archives through root's shell on the server.</summary>
/// <param name="timeout">For one node.</param>
public sealed class NodeCopier(WaltServer server, TimeSpan timeout)
{
    /// <summary>Copies files and folders of this machine into a folder of the node, which is made if it is not there.</summary>
    /// <param name="onBytes">Told the bytes of the files sent so far.</param>
    public Task<WaltCopyResult> SendAsync(WaltNodeInfo node, IReadOnlyList<string> paths, string folder, Action<long>? onBytes = null,
        CancellationToken cancellationToken = default) =>
        CopyAsync(new WaltCopyResult(node.Name) { Path = string.Join(", ", paths), Destination = folder }, async () =>
        {
            NodePipe pipe = Open(node);
            (int, long) sum = default;
            Require(node, await pipe.SendAsync(["mkdir", "-p", "--", folder], (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false));
            PipeEnd end = await pipe.SendAsync(["tar", "-x", "-f", "-", "-C", folder],
                async (stream, token) => sum = await NodeArchive.WriteAsync(paths, stream, onBytes, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            Require(node, end);
            return sum;
        });

    /// <summary>Copies a file or folder of the node into a folder of this machine, which is made if it is not there.</summary>
    /// <param name="onBytes">Told the bytes of the files received so far.</param>
    public Task<WaltCopyResult> ReceiveAsync(WaltNodeInfo node, string path, string folder, Action<long>? onBytes = null,
        CancellationToken cancellationToken = default) =>
        CopyAsync(new WaltCopyResult(node.Name) { Path = path, Destination = folder }, async () =>
        {
            string full = path.Length > 1 ? path.TrimEnd('/') : path;
            int slash = full.LastIndexOf('/');
            (string parent, string name) = slash < 0 ? (".", full) : (slash == 0 ? "/" : full[..slash], full[(slash + 1)..]);
            (int, long) sum = default;
            PipeEnd end = await Open(node).ReceiveAsync(["tar", "-c", "-f", "-", "-C", parent, "--", name],
                async (stream, token) => sum = await NodeArchive.ReadAsync(stream, folder, onBytes, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            Require(node, end);
            return sum;
        });

    NodePipe Open(WaltNodeInfo node) => new(server.Shell.Gate, WaltServer.GetTarget(node), ["-T"], timeout, server.Time);

    async Task<WaltCopyResult> CopyAsync(WaltCopyResult result, Func<Task<(int Count, long Length)>> copy)
    {
        long start = server.Time.GetTimestamp();
        try
        {
            (int count, long length) = await copy().ConfigureAwait(false);
            return result with { FileCount = count, Length = length, Duration = server.Time.GetElapsedTime(start) };
        }
        catch (Exception e) when (e is G5kException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            G5kException error = e as G5kException
                ?? new G5kException("NodeCopyFailed", ErrorKind.WriteError, $"The copy with {result.Node} failed on this machine: {e.Message}",
                result.Node, "Check the path, the rights and the free space here.", e);
            return result with { Duration = server.Time.GetElapsedTime(start), Error = error };
        }
    }

    static void Require(WaltNodeInfo node, PipeEnd end)
    {
        if (end.Status == 0) return;
        if (end.Status == SshFailures.Status)
        {
            NodeFailure failure = NodeFailure.Read(end.Error, end.Status, WaltServer.GetTarget(node));
            throw new G5kException("NodeUnreachable", ErrorKind.ConnectionError, $"{node.Name}: {failure.Reason}", node.Name,
                $"Has it booted? Get-WaltNode {node.Name}");
        }
        bool isMissing = end.Error.Contains("No such file", StringComparison.Ordinal);
        throw new G5kException(isMissing ? "NodeItemNotFound" : "NodeCopyFailed", isMissing ? ErrorKind.ObjectNotFound : ErrorKind.WriteError,
            $"{node.Name}: {string.Join(' ', end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2))}", node.Name,
            $"Look at it: Invoke-WaltNodeCommand 'ls -la /root' -Node {node.Name}");
    }
}
