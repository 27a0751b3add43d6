namespace WaltG5k.Testbed.Kadeploy;

internal enum PowerAction
{
    On,
    Off,
    Status,
}

/// <summary>Power by the management controllers.</summary>
internal sealed class PowerOperation(KadeployServer server, string user, PowerAction action)
{
    readonly TestbedWorld _world = server.World;

    public Workflow CreateWorkflow(IReadOnlyList<NodeModel> nodes) => new(_world, OperationWords.Power, server.NextId(OperationWords.Power), nodes)
    {
        Plan = () => [new MacroStep("Power", action.ToString(), [_world.Timed("power", 2, Apply) with { Detail = Describe }])],
        Finish = (node, _) =>
        {
            if (action != PowerAction.Status) server.Record(node, new NodeRecord("powered", user));
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
        PowerAction.On => $"Performing a hard power on on {HostPattern.Fold(nodes)}",
        _ => $"Performing a hard power off on {HostPattern.Fold(nodes)}",
    };

    void Apply(IReadOnlyList<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes)
        {
            if (action == PowerAction.Off) _world.NodeLife.PowerOff(node);
            else if (action == PowerAction.On && node.Power == NodePower.Off) _ = _world.NodeLife.HardReboot(node);
        }
    }
}
