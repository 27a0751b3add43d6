using System.Collections.Concurrent;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>A soft reboot of a node that does not answer takes the server 15 s.</summary>
    static readonly TimeSpan s_rebootTimeout = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Asks nodes to reboot; one entry per node with the reason of a failure, or null. Where <see cref="HardReboot"/> is set, the server may ask for
    /// it.
    /// </summary>
    public Task<IReadOnlyDictionary<string, string?>> RebootAsync(IReadOnlyList<string> nodes, bool hardOnly, string cause,
        CancellationToken cancellationToken = default)
        => RebootAsync(nodes, hardOnly, cause, offerHardReboot: HardReboot is not null, cancellationToken);

    /// <param name="offerHardReboot">False: nodes that do not answer stay as they are, and are reported.</param>
    internal async Task<IReadOnlyDictionary<string, string?>> RebootAsync(
        IReadOnlyList<string> nodes, bool hardOnly, string cause, bool offerHardReboot, CancellationToken cancellationToken)
    {
        if (nodes.Count == 0) return new Dictionary<string, string?>();
        RpcCall call = new("reboot_nodes", string.Join(',', nodes))
        {
            Keywords = new PythonDict([new("hard_only", hardOnly), new("cause", cause)]),
            Timeout = s_rebootTimeout,
            IsIdempotent = false,
        };
        // The server's sentences name no node beyond five: its node list, before and after, then tells who went down.
        IReadOnlyList<WaltNodeInfo> before = nodes.Count > 5 ? await GetNodesAsync(cancellationToken).ConfigureAwait(false) : [];
        ConcurrentDictionary<string, byte> hardRebooted = new(StringComparer.Ordinal);
        RpcResult result = offerHardReboot
            ? await CallOfferingHardRebootAsync(call, hardRebooted, cancellationToken).ConfigureAwait(false)
            : await CallAsync(call, cancellationToken).ConfigureAwait(false);
        if (result.Value is PythonNone) throw ServerMessages.Explain(result.Errors, string.Join(',', nodes), Host);
        RebootReport report = new(nodes);
        if (result.Value.AsString() != "OK")
        {
            report.Rebooted(hardRebooted.Keys);
            report.Read(result.Output);
            report.Read(result.Errors);
            if (report.HasOpenNodes) report.Compare(before, await GetNodesAsync(cancellationToken).ConfigureAwait(false));
        }
        IReadOnlyDictionary<string, string?> outcome =
            report.Close(result.Value.AsString() == "OK" ? null : "the server does not say what became of it");
        _watch.MarkedDown(outcome.Where(o => o.Value is null).Select(o => o.Key));
        return outcome;
    }

    /// <summary>
    /// Hard-reboots nodes by <see cref="HardReboot"/>, past the server; one entry per node with the reason of a failure, or null.
    /// <see cref="WaitBootedAsync"/> then waits for the boot that follows, not for one before.
    /// </summary>
    /// <exception cref="G5kException"><c>HardRebootUnavailable</c>, or what the delegate throws.</exception>
    public async Task<IReadOnlyDictionary<string, string?>> HardRebootAsync(IReadOnlyList<string> nodes,
        CancellationToken cancellationToken = default)
    {
        if (HardReboot is null)
            throw new G5kException("HardRebootUnavailable", ErrorKind.InvalidOperation,
                "Nothing is known that could hard-reboot the nodes of this WalT server.", Host,
                "Use the server of a deployment, which reboots them by kareboot3: Get-WaltDeployment");
        IReadOnlyDictionary<string, string> failures = await HardReboot(nodes, cancellationToken).ConfigureAwait(false);
        HashSet<string> reset = [.. nodes.Where(n => !failures.ContainsKey(n))];
        // A machine that was reset needs minutes for its firmware: what is shown as booted now is what ran before.
        IReadOnlyList<WaltNodeInfo> now = await GetNodesAsync(cancellationToken).ConfigureAwait(false);
        _watch.ExpectDown(now.Where(n => n.IsBooted && reset.Contains(n.Name)).Select(n => n.Name));
        return nodes.Distinct().ToDictionary(n => n, n => failures.GetValueOrDefault(n));
    }

    /// <summary>On a connection of its own: the hook belongs to this call alone.</summary>
    async Task<RpcResult> CallOfferingHardRebootAsync(RpcCall call, ConcurrentDictionary<string, byte> hardRebooted,
        CancellationToken cancellationToken)
    {
        RpcCallbacks callbacks = new(User, Reporter) { HardReboot = (macs, token) => HardRebootMacsAsync(macs, hardRebooted, token) };
        await using RpcSession session = await OpenSessionAsync(RpcApi.Client, callbacks, cancellationToken).ConfigureAwait(false);
        return await session.CallAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Hard reboots as the server asks for them, by address; the reasons of those that failed.</summary>
    async Task<IReadOnlyDictionary<string, string>> HardRebootMacsAsync(IReadOnlyList<string> macs, ConcurrentDictionary<string, byte> hardRebooted,
        CancellationToken token)
    {
        Dictionary<string, string> names = (await GetNodesAsync(token).ConfigureAwait(false))
            .ToDictionary(n => n.Mac, n => n.Name, StringComparer.OrdinalIgnoreCase);
        Dictionary<string, string> failures = macs.Where(m => !names.ContainsKey(m))
            .ToDictionary(m => m, _ => "unknown to the client", StringComparer.Ordinal);
        string[] known = [.. macs.Where(names.ContainsKey)];
        IReadOnlyDictionary<string, string> failed = await HardReboot!([.. known.Select(m => names[m])], token).ConfigureAwait(false);
        foreach (string mac in known)
        {
            if (failed.TryGetValue(names[mac], out string? reason)) failures[mac] = reason;
            else hardRebooted[names[mac]] = 0;
        }
        return failures;
    }
}
