using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>What a reboot is asked to do.</summary>
/// <param name="MacroStep">Simple, SetPXE, DeployEnv or RecordedEnv.</param>
/// <param name="Level">soft, hard or very_hard.</param>
internal sealed record RebootRequest(string User, string MacroStep, string Level)
{
    /// <summary>Where the nodes are put before they are waited for; null: they stay where they are.</summary>
    public string? Vlan { get; init; }
    /// <summary>What is to be booted from the disk.</summary>
    public DeployEnvironment? Environment { get; init; }
    public bool SendsKeys { get; init; }
}

/// <summary>The automaton of a reboot: each node goes the way of its hardware, then is waited for at its name in its network.</summary>
internal sealed class RebootOperation(KadeployServer server, RebootRequest request)
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(300);

    readonly TestbedWorld _world = server.World;
    readonly Dictionary<NodeModel, Task<bool>> _boots = [];

    bool IsDeploymentSystem => request.MacroStep == "DeployEnv";

    public Workflow CreateWorkflow(IReadOnlyList<NodeModel> nodes) => new(_world, OperationWords.Reboot, server.NextId(OperationWords.Reboot), nodes)
    {
        Plan = () => [new MacroStep("Reboot", request.MacroStep, GetSteps()) { Bypassed = GetBypassed() }],
        Finish = (node, isOk) => server.Record(node, new NodeRecord(isOk ? EndState : "reboot_failed", request.User, isOk
            && request.MacroStep == "RecordedEnv" ? request.Environment : null)),
    };

    public void Abort(IEnumerable<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes) server.Record(node, new NodeRecord("aborted", request.User));
    }

    string EndState => request.MacroStep switch { "DeployEnv" => "deploy_env", "RecordedEnv" => "recorded_env", _ => "rebooted" };

    MicroStep[] GetSteps() =>
    [
        .. request.MacroStep == "Simple" ? Array.Empty<MicroStep>() : [_world.Timed("switch_pxe", 1)],
        _world.Timed("reboot", 2, Begin) with { Detail = n => $"Performing a {request.Level} reboot on {HostPattern.Fold(n)}" },
        .. request.Vlan is { } vlan ? (MicroStep[])[_world.Timed("set_vlan", 3, n => _world.MoveMainAdapters(n, vlan))] : [],
        new MicroStep("wait_reboot", WaitAsync) { Limit = s_limit, Arrival = s_limit },
        .. IsDeploymentSystem && request.SendsKeys ? (MicroStep[])[_world.Timed("send_key_in_deploy_env",
            1) with { Command = "cat - >>/root/.ssh/authorized_keys" }] : [],
    ];

    string[] GetBypassed() => [.. IsDeploymentSystem && !request.SendsKeys ? (string[])["send_key_in_deploy_env"] : [], .. request.Vlan is null
        ? (string[])["set_vlan"] : []];

    void Begin(IReadOnlyList<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes)
        {
            server.Record(node, new NodeRecord("rebooting", request.User));
            Task<bool> boot = Boot(node);
            lock (_boots) _boots[node] = boot;
        }
    }

    Task<bool> Boot(NodeModel node)
    {
        // A node that ssh cannot reach is reset the hard way, as Kadeploy's escalation does.
        bool isHard = request.Level != "soft" || !IsReachable(node, "DEFAULT");
        if (IsDeploymentSystem) return _world.NodeLife.BootDeploymentSystem(node, isHard);
        // The kernel of another environment than the one on the disk finds no root file system.
        bool isThere = request.Environment is null || _world.NodeLife.DiskOf(node).Environment == request.Environment.Name;
        if (!isThere) return Task.FromResult(_world.NodeLife.Die(node, _world.NodeLife.Interrupt(node, NodePower.Booting)));
        return isHard ? _world.NodeLife.HardReboot(node) : _world.NodeLife.Reset(node);
    }

    async Task<IReadOnlyDictionary<NodeModel, string>> WaitAsync(IReadOnlyList<NodeModel> nodes, CancellationToken cancellationToken)
    {
        Task<bool>[] boots;
        lock (_boots) boots = [.. nodes.Select(n => _boots[n])];
        Task limit = Task.Delay(s_limit, _world.Time, cancellationToken);
        await Task.WhenAny(Task.WhenAll(boots), limit).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        Dictionary<NodeModel, string> failed = nodes.Where(n => !IsReachable(n, request.Vlan ?? "DEFAULT")).ToDictionary(n => n, _ =>
            StepTiming.Unreachable);
        if (failed.Count > 0) await limit.ConfigureAwait(false);
        return failed;
    }

    bool IsReachable(NodeModel node, string vlan)
    {
        lock (_world.Sync) return node.Power == NodePower.Up && node.MainNic is NicModel nic && node.GetVlan(nic.Device) == vlan;
    }
}
