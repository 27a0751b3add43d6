namespace WaltG5k.Testbed.Walt.Rpc;

internal static partial class RpcMethods
{
    /// <summary>
    /// Without a client that can do it the server has only the power of the switch's port, and on Grid'5000 it does not even know that.
    /// </summary>
    const string NoPoe = "poe-reboot (unknown lldp network position)";

    static async Task<object?> RebootNodesAsync(RpcCall call)
    {
        bool hardOnly = call.FlagOr(1, "hard_only", false);
        string cause = call.TextOr(2, "cause", "reboot requested");
        return await ParseNodesAsync(call).ConfigureAwait(false) is { } nodes
            ? await RebootAsync(call, nodes, hardOnly, cause).ConfigureAwait(false)
            : null;
    }

    static async Task<string> RebootAsync(RpcCall call, IReadOnlyList<WaltDevice> nodes, bool hardOnly, string cause)
    {
        Dictionary<WaltDevice, List<string>> failures = nodes.ToDictionary(n => n, _ => new List<string>());
        List<WaltDevice> left = [.. nodes];
        if (!hardOnly)
        {
            string?[] refusals = await Task.WhenAll(nodes.Select(n => call.Host.SoftRebootAsync(n, cause))).ConfigureAwait(false);
            left = [];
            foreach ((WaltDevice node, string? refusal) in nodes.Zip(refusals).Where(p => p.Second is not null))
            {
                failures[node].Add($"soft-reboot ({refusal})");
                left.Add(node);
            }
        }
        foreach (WaltDevice node in left.Where(n => n.IsVirtual)) call.Host.StartVirtualNode(node);
        left = [.. left.Where(n => !n.IsVirtual)];
        if (left.Count > 0) left = await HardRebootAsync(call, left, failures, cause).ConfigureAwait(false);
        call.Host.World.NotifyChanged();

        WaltDevice[] done = [.. nodes.Except(left)];
        if (done.Length > 0) await call.Session.PrintAsync($"{SubjectOf(done)}: rebooted ok.").ConfigureAwait(false);
        foreach (IGrouping<string, WaltDevice> group in left.GroupBy(n => string.Join(" and ", failures[n])))
            await call.Session.PrintErrorAsync($"{SubjectOf([.. group])}: failed {group.Key}").ConfigureAwait(false);
        return left.Count == 0 ? "OK" : "FAILED";
    }

    /// <summary>Asks the connected client for hard reboots; the nodes that are left are those that failed.</summary>
    static async Task<List<WaltDevice>> HardRebootAsync(RpcCall call, List<WaltDevice> nodes, Dictionary<WaltDevice, List<string>> failures,
        string cause)
    {
        if (await call.Session.CallBackAsync("has_hook", "client_hard_reboot").ConfigureAwait(false) is not true)
        {
            foreach (WaltDevice node in nodes) failures[node].Add(NoPoe);
            return nodes;
        }
        string method = await call.Session.CallBackAsync("get_hard_reboot_method_name").ConfigureAwait(false) as string ?? "hard-reboot";
        object? answer = await call.Session.CallBackAsync("hard_reboot_nodes", [nodes.Select(n => (object?)n.Mac).ToArray()]).ConfigureAwait(false);
        if (answer is not object?[] { Length: 2 } pair || pair[1] is not Dictionary<string, object?> errors)
            throw new NoReplyException("the client's hook answered nonsense");

        List<WaltDevice> failed = [];
        lock (call.Host.World.Sync)
        {
            foreach (WaltDevice node in nodes)
            {
                if (errors.TryGetValue(node.Mac, out object? error))
                {
                    failures[node].Add($"{method} ({error})");
                    failed.Add(node);
                }
                else call.Host.MarkDown(node, $"cause: {cause}, method: {method}");
            }
        }
        return failed;
    }

    /// <summary>True when all were booted already; the integer 0 when the last one boots; False for a bad set.</summary>
    static async Task<object?> WaitForNodesAsync(RpcCall call)
    {
        if (await ParseNodesAsync(call).ConfigureAwait(false) is not { } nodes) return false;
        Task booted;
        WaltDevice[] missing;
        lock (call.Host.World.Sync)
        {
            missing = [.. nodes.Where(n => !n.IsBooted)];
            booted = call.Host.WhenBooted(missing);
        }
        if (missing.Length == 0) return true;
        await call.Session.SetBusyLabelAsync("Waiting for bootup of " + WaltSentences.Object([.. missing.Select(n => n.Name)])).ConfigureAwait(false);
        try
        {
            await booted.WaitAsync(call.Session.ClientGone).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new SessionEndException();
        }
        return 0;
    }

    static string SubjectOf(IReadOnlyList<WaltDevice> nodes) => WaltSentences.Subject([.. nodes.Select(n => n.Name)]);
}
