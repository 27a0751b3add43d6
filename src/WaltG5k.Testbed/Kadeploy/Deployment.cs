using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>What a deployment is asked to do.</summary>
internal sealed record DeploymentRequest(string User, DeployEnvironment Environment)
{
    public bool SendsKeys { get; init; }
    public bool FormatsTmp { get; init; }
    public bool UsesKexec { get; init; } = true;
    public bool PartitionsDisk { get; init; } = true;
    public bool InstallsBootloader { get; init; } = true;
    /// <summary>Where the nodes are put at the end; null: they stay in the default VLAN.</summary>
    public string? Vlan { get; init; }
    /// <summary>The instances to use, in their order; none: those of the site.</summary>
    public IReadOnlyList<ForcedStep> Steps { get; init; } = [];
    /// <summary>How long a reboot through the firmware, and one by kexec, may take for so many nodes.</summary>
    public Func<int, TimeSpan>? ClassicalLimit { get; init; }
    public Func<int, TimeSpan>? KexecLimit { get; init; }
    /// <summary>The site has version 3.3.</summary>
    public bool IsOld { get; init; }
}

/// <summary>What a deployment does to the machines.</summary>
internal sealed class Deployment(KadeployServer server, DeploymentRequest request)
{
    readonly TestbedWorld _world = server.World;
    readonly Dictionary<NodeModel, int> _generations = [];

    public TestbedWorld World => _world;
    public DeploymentRequest Request => request;

    public Workflow CreateWorkflow(IReadOnlyList<NodeModel> nodes) =>
        new(_world, OperationWords.Deployment, server.NextId(OperationWords.Deployment), nodes)
    {
        Environment = request.Environment,
        Plan = () => DeploymentAutomaton.Plan(this, nodes.Count),
        Remarks = request.UsesKexec || request.Steps.Count > 0 ? [] : ["Using classical reboot instead of kexec (BootNewEnv)"],
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

    public void Begin(IReadOnlyList<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes)
        {
            int generation = _world.NodeLife.Interrupt(node, NodePower.Booting);
            lock (_generations) _generations[node] = generation;
            server.Record(node, new NodeRecord("deploying", request.User, request.Environment));
        }
    }

    public void Install(IReadOnlyList<NodeModel> nodes)
    {
        foreach (NodeModel node in nodes) _world.NodeLife.Install(node, request.Environment.Name, request.Environment.Files);
    }

    public void CountHardReboots(IReadOnlyList<NodeModel> nodes)
    {
        lock (_world.Sync)
        {
            foreach (NodeModel node in nodes) node.HardReboots++;
        }
    }

    public void SetVlan(IReadOnlyList<NodeModel> nodes, string vlan) => _world.MoveMainAdapters(nodes, vlan);

    /// <summary>Kadeploy reaches a node in the default VLAN only.</summary>
    public bool FailsToStart(NodeModel node)
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
