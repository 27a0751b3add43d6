using System.Text.RegularExpressions;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    [GeneratedRegex("^[a-zA-Z0-9]+[a-zA-Z0-9-]+$")]
    private static partial Regex CheckpointName { get; }

    /// <summary>Whether WalT would take the name: letters, digits and dashes, at least two, no dash first.</summary>
    public static bool IsCheckpointName(string name) => CheckpointName.IsMatch(name);

    /// <summary>The checkpoints of the user, in the order of their time.</summary>
    public async Task<IReadOnlyList<WaltCheckpoint>> GetCheckpointsAsync(CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("list_checkpoints"), cancellationToken).ConfigureAwait(false);
        List<WaltCheckpoint> checkpoints = [];
        foreach (IReadOnlyDictionary<string, string> row in PrintedTable.Read(result.Output))
        {
            // The table shows the server's local time; the moment itself is asked for.
            if (row.TryGetValue("name", out string? name)
                && await FindCheckpointAsync(name, cancellationToken).ConfigureAwait(false) is { } checkpoint) checkpoints.Add(checkpoint);
        }
        return [.. checkpoints.OrderBy(c => c.Timestamp)];
    }

    /// <exception cref="G5kException"><c>CheckpointNotFound</c>.</exception>
    public async Task<WaltCheckpoint> GetCheckpointAsync(string name, CancellationToken cancellationToken = default)
        => await FindCheckpointAsync(name, cancellationToken).ConfigureAwait(false) ?? throw CheckpointNotFound(name);

    /// <param name="date">By default the server's present time.</param>
    /// <exception cref="G5kException"><c>CheckpointNameInvalid</c>, <c>CheckpointExists</c>.</exception>
    public async Task<WaltCheckpoint> AddCheckpointAsync(string name, DateTimeOffset? date = null, CancellationToken cancellationToken = default)
    {
        if (!IsCheckpointName(name))
        {
            throw new G5kException("CheckpointNameInvalid", ErrorKind.InvalidArgument,
                $"'{name}' cannot be the name of a checkpoint: letters, digits and dashes, at least two, no dash first.",
                name, "Add-WaltCheckpoint experiment-1");
        }
        RpcResult result = await CallAsync(new RpcCall("add_checkpoint", name, ToLiteral(date)) { IsIdempotent = false }, cancellationToken)
            .ConfigureAwait(false);
        if (result.Errors.Any(e => e.Contains("already exists", StringComparison.Ordinal)))
            throw new G5kException("CheckpointExists", ErrorKind.ResourceExists, $"There is a checkpoint '{name}' already.", name,
                $"Get-WaltCheckpoint {name}, or: Remove-WaltCheckpoint {name}");
        if (result.Errors.Count > 0) throw ServerMessages.Explain(result.Errors, name, Host);
        return await GetCheckpointAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="G5kException"><c>CheckpointNotFound</c>.</exception>
    public async Task RemoveCheckpointAsync(string name, CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("remove_checkpoint", name) { IsIdempotent = false }, cancellationToken).ConfigureAwait(false);
        if (result.Errors.Any(e => e.Contains("no checkpoint", StringComparison.Ordinal))) throw CheckpointNotFound(name);
        if (result.Errors.Count > 0) throw ServerMessages.Explain(result.Errors, name, Host);
    }

    async Task<WaltCheckpoint?> FindCheckpointAsync(string name, CancellationToken cancellationToken)
    {
        RpcResult result = await CallAsync(new RpcCall("get_checkpoint_time", name), cancellationToken).ConfigureAwait(false);
        if (LogTime.Read(result.Value) is { } timestamp) return new WaltCheckpoint(name, timestamp);
        return result.Value is PythonNone ? null
            : throw new G5kException("RpcProtocolError", ErrorKind.ProtocolError,
            $"The WalT server {Host} answered get_checkpoint_time with {result.Value}.", Host, "Is it WalT 10?");
    }

    static G5kException CheckpointNotFound(string name) =>
        new("CheckpointNotFound", ErrorKind.ObjectNotFound, $"There is no checkpoint '{name}'.", name, "Get-WaltCheckpoint");
}
