using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>The automaton of a reboot: each node goes the way of its hardware, then is waited for at its name in the default network.</summary>
internal sealed class RebootOperation(KadeployServer server, string user, string macroStep, string level)
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(300);

    readonly TestbedWorld _world = server.World;
    readonly Dictionary<NodeModel, Task<bool>> _boots = [];

    public Workflow CreateWorkflow(IReadOnlyList<NodeModel> nodes) => new(_world, OperationWords.Reboot, server.NextId(OperationWords.Reboot), nodes)
    {
        Plan = () => [new MacroStep("Reboot", macroStep,
        [
            .. macroStep == "Simple" ? Array.Empty<MicroStep>() : [_world.Timed("switch_pxe", 1)],
            _world.Timed("reboot", 2, Begin) with { Detail = n => $"Performing a {level} reboot on {HostPattern.Fold(n)}" },
            new MicroStep("wait_reboot", WaitAsync) { Limit = s_limit, Arrival = s_limit },
        ])],
        Finish = (node, isOk) => server.Record(node, new NodeRecord(isOk ? "rebooted" : "reboot_failed", user)),
    };

    public void Abort(IEnumerable<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes) server.Record(node, new NodeRecord("aborted", user));
    }

    void Begin(IReadOnlyList<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes)
        {
            server.Record(node, new NodeRecord("rebooting", user));
            // A node that ssh cannot reach is reset the hard way, as Kadeploy's escalation does.
            Task<bool> boot = level == "soft" && IsReachable(node) ? _world.NodeLife.Reset(node) : _world.NodeLife.HardReboot(node);
            lock (_boots) _boots[node] = boot;
        }
    }

    async Task<IReadOnlyDictionary<NodeModel, string>> WaitAsync(IReadOnlyList<NodeModel> nodes, CancellationToken cancellationToken)
    {
        Task<bool>[] boots;
        lock (_boots) boots = [.. nodes.Select(n => _boots[n])];
        Task limit = Task.Delay(s_limit, _world.Time, cancellationToken);
        await Task.WhenAny(Task.WhenAll(boots), limit).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        Dictionary<NodeModel, string> failed = nodes.Where(n => !IsReachable(n)).ToDictionary(n => n, _ => StepTiming.Unreachable);
        if (failed.Count > 0) await limit.ConfigureAwait(false);
        return failed;
    }

    bool IsReachable(NodeModel node)
    {
        lock (_world.Sync) return node.Power == NodePower.Up && node.MainNic is NicModel nic && node.GetVlan(nic.Device) == "DEFAULT";
    }
}
