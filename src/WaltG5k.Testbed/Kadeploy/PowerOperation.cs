using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

internal enum PowerAction
{
    On,
    Off,
    Status,
}

/// <summary>Power by the management controllers.</summary>
internal sealed class PowerOperation(KadeployServer server, string user, PowerAction action, string level)
{
    readonly TestbedWorld _world = server.World;

    public Workflow CreateWorkflow(IReadOnlyList<NodeModel> nodes) => new(_world, OperationWords.Power, server.NextId(OperationWords.Power), nodes)
    {
        Plan = () => [new MacroStep("Power", action.ToString(), [new MicroStep("power", ApplyAsync, Describe)])],
        Finish = (node, isOk) =>
        {
            if (action != PowerAction.Status) server.Record(node, new NodeRecord(isOk ? "powered" : "power_failed", user));
        },
    };

    /// <summary>The lines <c>host: on</c> of a status operation.</summary>
    public IEnumerable<string> Report(IEnumerable<NodeModel> nodes)
    {
        if (action != PowerAction.Status) return [];
        lock (_world.Sync) return [.. nodes.Select(n => $"{n.Name}: {(n.Power == NodePower.Off ? "off" : "on")}")];
    }

    string Describe(IReadOnlyList<NodeModel> nodes) => action switch
    {
        PowerAction.Status => "A power status will be performed",
        PowerAction.On => $"Performing a {level} power on on {HostPattern.Fold(nodes)}",
        _ => $"Performing a {level} power off on {HostPattern.Fold(nodes)}",
    };

    async Task<IReadOnlyDictionary<NodeModel, string>> ApplyAsync(IReadOnlyList<NodeModel> nodes, CancellationToken cancellationToken)
    {
        if (action != PowerAction.Status)
        {
            foreach (NodeModel node in nodes) server.Record(node, new NodeRecord("powering", user));
        }
        Dictionary<NodeModel, string> failed = [];
        foreach (NodeModel node in nodes)
        {
            if (Refuse(node) is { } reason) failed[node] = reason;
            else if (action == PowerAction.Off) _world.NodeLife.PowerOff(node);
            else if (action == PowerAction.On && IsOff(node)) _ = _world.NodeLife.HardReboot(node);
        }
        await _world.PassAsync(TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(false);
        return failed;
    }

    /// <summary>Why nothing can be done to a node in that way.</summary>
    string? Refuse(NodeModel node)
    {
        if (_world.Faults.Strikes(FaultNames.NodePowerFails, [.. NodeLife.NamesOf(node), level])) return "The management controller does not answer";
        string word = action == PowerAction.On ? "on" : "off";
        // No cluster has a way to a power supply, and there is no soft way on.
        if (action != PowerAction.Status && (level == "very_hard" || level == "soft" && action == PowerAction.On))
            return $"{level}_power_{word} command is not provided";
        lock (_world.Sync)
            return action == PowerAction.Off && level == "soft" && node.Power is not (NodePower.Up or NodePower.Off)
                ? "The node does not answer by ssh"
                : null;
    }

    bool IsOff(NodeModel node)
    {
        lock (_world.Sync) return node.Power == NodePower.Off;
    }
}
