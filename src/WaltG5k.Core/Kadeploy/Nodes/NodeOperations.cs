namespace WaltG5k.Core.Kadeploy;

/// <summary>What a node boots.</summary>
public enum RebootKind
{
    /// <summary>Whatever its boot settings say: most often what is on its disk.</summary>
    Simple,
    /// <summary>By the PXE profile that is given.</summary>
    SetPxe,
    /// <summary>Kadeploy's small deployment system.</summary>
    DeployEnvironment,
    /// <summary>An environment that was deployed on its disk before.</summary>
    RecordedEnvironment,
}

/// <summary>How rough an operation is.</summary>
public enum NodeLevel
{
    /// <summary>By ssh, from the system that runs.</summary>
    Soft,
    /// <summary>By the management controller.</summary>
    Hard,
    /// <summary>By the power supply, where a cluster has a way to it.</summary>
    VeryHard,
}

public enum NodeOperationState
{
    /// <summary>Kadeploy has taken the order; nobody waited for what became of it.</summary>
    Ordered,
    Succeeded,
    Failed,
}

/// <summary>What became of a node in a reboot, or when it was switched on or off.</summary>
/// <param name="Operation"><c>Reboot</c>, <c>PowerOn</c> or <c>PowerOff</c>.</param>
public sealed record NodeOperationResult(string Node, string Operation, NodeOperationState State)
{
    /// <summary>The level of the last try.</summary>
    public NodeLevel Level { get; init; }
    public int Attempts { get; init; } = 1;
    /// <summary>Where it failed: <c>Simple-wait_reboot</c>.</summary>
    public string? Step { get; init; }
    /// <summary>In Kadeploy's words; may have several lines.</summary>
    public string? Reason { get; init; }
    /// <summary>Kadeploy's id of the last try.</summary>
    public string? WorkflowId { get; init; }
    /// <summary>Over all tries.</summary>
    public TimeSpan Duration { get; init; }
    public bool IsSuccess => State != NodeOperationState.Failed;
    public override string ToString() => Node;
}

/// <summary>A reboot of some nodes of one site.</summary>
public sealed record NodeRebootRequest
{
    /// <summary>Full names.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }
    public RebootKind Kind { get; init; }
    public NodeLevel Level { get; init; }
    /// <summary>How often the same is tried again with nodes that failed.</summary>
    public int Retries { get; init; }
    /// <summary>The roughest level that nodes which still failed are tried with.</summary>
    public NodeLevel EscalateTo { get; init; }
    /// <summary>False: nobody waits for the nodes.</summary>
    public bool Waits { get; init; } = true;
    /// <summary>Take nodes away from an operation under way.</summary>
    public bool Force { get; init; }
    /// <summary>For one try; Kadeploy's own limits are shorter, unless its server hangs.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(20);
    /// <summary>For <see cref="RebootKind.RecordedEnvironment"/>: which.</summary>
    public string? Environment { get; init; }
    /// <summary>The environment's owner.</summary>
    public string? EnvironmentUser { get; init; }
    public long? EnvironmentVersion { get; init; }
    /// <summary>A number, or a label such as <c>DEPLOY</c>.</summary>
    public string? Partition { get; init; }
    public string? BlockDevice { get; init; }
    /// <summary>A file of the front-end, or a URL, with public keys; for the deployment system.</summary>
    public string? Key { get; init; }
    /// <summary>Where the nodes are put before they are waited for.</summary>
    public string? Vlan { get; init; }
    /// <summary>For <see cref="RebootKind.SetPxe"/>: a file of the front-end.</summary>
    public string? PxeProfile { get; init; }
}

/// <summary>Whether nodes are switched on or off.</summary>
public sealed record NodePowerRequest
{
    public required IReadOnlyList<string> Nodes { get; init; }
    public required bool IsOn { get; init; }
    /// <summary>There is no soft way to switch a node on.</summary>
    public NodeLevel Level { get; init; } = NodeLevel.Hard;
    public int Retries { get; init; }
    public NodeLevel EscalateTo { get; init; }
    public bool Waits { get; init; } = true;
    public bool Force { get; init; }
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
}

public enum NodePowerState
{
    /// <summary>Its management controller does not tell.</summary>
    Unknown,
    On,
    Off,
}

/// <summary>Whether a node has power.</summary>
public sealed record NodePower(string Node, NodePowerState State)
{
    /// <summary>Why nothing is known.</summary>
    public string? Reason { get; init; }
    public override string ToString() => $"{Node}: {State}";
}
