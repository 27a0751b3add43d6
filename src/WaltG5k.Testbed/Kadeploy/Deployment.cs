using System.Globalization;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>What a deployment is asked to do.</summary>
internal sealed record DeploymentRequest(string User, DeployEnvironment Environment)
{
    public bool SendsKeys { get; init; }
    public bool FormatsTmp { get; init; }
    public bool UsesKexec { get; init; } = true;
    /// <summary>Where the nodes are put at the end; null: they stay in the default VLAN.</summary>
    public string? Vlan { get; init; }
}

/// <summary>The automaton of a deployment: a small system over PXE, the image by a chain of copies, the new system by kexec or else a hard reboot.</summary>
internal sealed class Deployment(KadeployServer server, DeploymentRequest request)
{
    static readonly TimeSpan s_miniSystemLimit = TimeSpan.FromSeconds(200);
    static readonly TimeSpan s_newSystem = TimeSpan.FromSeconds(62);
    static readonly TimeSpan s_newSystemLimit = TimeSpan.FromSeconds(120);

    readonly TestbedWorld _world = server.World;
    readonly Dictionary<NodeModel, int> _generations = [];

    public Workflow CreateWorkflow(IReadOnlyList<NodeModel> nodes) => new(_world, OperationWords.Deployment, server.NextId(OperationWords.Deployment), nodes)
    {
        Plan = () => [SetMiniSystem(), Broadcast(), .. BootNewSystem()],
        Finish = Finish,
    };

    /// <summary>The client was interrupted: the nodes are left as they are, with nothing that answers.</summary>
    public void Abort(IEnumerable<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes)
        {
            _world.NodeLife.Die(node, GenerationOf(node));
            server.Record(node, new NodeRecord("aborted", request.User));
        }
    }

    MacroStep SetMiniSystem() => new("SetDeploymentMiniOS", "SetDeploymentMiniOSUntrusted",
    [
        _world.Timed("switch_pxe", 1),
        .. request.Vlan is null ? Array.Empty<MicroStep>() : [_world.Timed("set_vlan", 3, nodes => SetVlan(nodes, "DEFAULT"))],
        _world.Timed("reboot", 2, Begin) with { Detail = nodes => $"Performing a soft reboot on {HostPattern.Fold(nodes)}" },
        _world.WaitReboot(BootDurations.Firmware, s_miniSystemLimit, FailsToStart),
        .. request.SendsKeys ? [_world.Timed("send_key_in_deploy_env", 1)] : Array.Empty<MicroStep>(),
        _world.Timed("create_partition_table", 3),
        _world.Timed("format_deploy_part", 5),
        _world.Timed("mount_deploy_part", 1),
        .. request.FormatsTmp ? [_world.Timed("format_tmp_part", 4)] : Array.Empty<MicroStep>(),
        _world.Timed("format_swap_part", 1),
    ]);

    MacroStep Broadcast() => new("BroadcastEnv", "BroadcastEnvKascade",
    [
        _world.Timed("send_environment", 58, Install) with
        {
            Conclude = time => string.Create(CultureInfo.InvariantCulture, $"Broadcast time: {Math.Round(time.TotalSeconds):0}s"),
        },
        _world.Timed("manage_admin_post_install", 13),
        _world.Timed("check_kernel_files", 1),
        .. request.SendsKeys ? [_world.Timed("send_key", 1)] : Array.Empty<MicroStep>(),
        _world.Timed("install_bootloader", 4),
        _world.Timed("sync", 2),
    ]);

    IEnumerable<MacroStep> BootNewSystem()
    {
        MicroStep[] vlan = request.Vlan is string id ? [_world.Timed("set_vlan", 3, nodes => SetVlan(nodes, id))] : [];
        if (request.UsesKexec)
        {
            yield return new MacroStep("BootNewEnv", "BootNewEnvKexec",
            [
                _world.Timed("switch_pxe", 1),
                _world.Timed("umount_deploy_part", 1),
                _world.Timed("mount_deploy_part", 1),
                _world.Timed("kexec", 3),
                .. vlan,
                _world.WaitReboot(s_newSystem, s_newSystemLimit, node => _world.Faults.Strikes(FaultNames.NodeKexecFails, NodeLife.NamesOf(node))),
            ]);
        }
        yield return new MacroStep("BootNewEnv", "BootNewEnvHardReboot",
        [
            _world.Timed("switch_pxe", 1),
            _world.Timed("reboot", 3, CountHardReboots) with { Detail = nodes => $"Performing a hard reboot on {HostPattern.Fold(nodes)}" },
            .. vlan,
            _world.WaitReboot(BootDurations.Firmware + BootDurations.LocalSystem, s_newSystemLimit + BootDurations.Firmware, _world.NodeLife.IsBroken),
        ]);
    }

    void Begin(IReadOnlyList<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes)
        {
            int generation = _world.NodeLife.Interrupt(node, NodePower.Booting);
            lock (_generations) _generations[node] = generation;
            server.Record(node, new NodeRecord("deploying", request.User, request.Environment));
        }
    }

    void Install(IReadOnlyList<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes) _world.NodeLife.Install(node, request.Environment.Name);
    }

    void CountHardReboots(IReadOnlyList<NodeModel> nodes)
    {
        lock (_world.Sync)
        {
            foreach (NodeModel node in nodes) node.HardReboots++;
        }
    }

    void SetVlan(IReadOnlyList<NodeModel> nodes, string vlan)
    {
        lock (_world.Sync)
        {
            foreach (NodeModel node in nodes.Where(n => n.MainNic is not null)) node.Vlans[node.MainNic!.Device] = vlan;
        }
    }

    /// <summary>Kadeploy reaches a node in the default VLAN only.</summary>
    bool FailsToStart(NodeModel node)
    {
        bool elsewhere;
        lock (_world.Sync) elsewhere = node.MainNic is NicModel nic && node.GetVlan(nic.Device) != "DEFAULT";
        return elsewhere || _world.Faults.Strikes(FaultNames.KadeployFails, NodeLife.NamesOf(node)) || _world.NodeLife.IsBroken(node);
    }

    void Finish(NodeModel node, bool isOk)
    {
        int generation = GenerationOf(node);
        if (isOk) _world.NodeLife.SetUp(node, generation);
        else _world.NodeLife.Die(node, generation);
        server.Record(node, new NodeRecord(isOk ? "deployed" : "deploy_failed", request.User, request.Environment));
    }

    int GenerationOf(NodeModel node)
    {
        lock (_generations) return _generations.GetValueOrDefault(node, -1);
    }
}
