namespace WaltG5k.Core.Kadeploy;

/// <summary>What Kadeploy last did with a node.</summary>
public enum NodeKadeployState
{
    /// <summary>Nothing yet, or a word that this program does not know.</summary>
    Unknown,
    Deploying,
    Deployed,
    DeployFailed,
    Rebooting,
    Rebooted,
    RebootFailed,
    Powering,
    Powered,
    PowerFailed,
    /// <summary>The operation was cancelled in the middle: what the node runs is not known.</summary>
    Aborted,
    /// <summary>It runs the standard environment again.</summary>
    ProdEnv,
    RecordedEnv,
    DeployEnv,
}

/// <summary>What Kadeploy remembers of a node.</summary>
/// <param name="State">A node at a breakpoint is <c>Deployed</c> too.</param>
public sealed record G5kNodeState(string Node, NodeKadeployState State)
{
    /// <summary>Who worked on it last.</summary>
    public string? User { get; init; }
    /// <summary>What was deployed; null after a reboot, a change of power or an abort, which make Kadeploy forget it.</summary>
    public string? Environment { get; init; }
    public long? EnvironmentVersion { get; init; }
    public string? EnvironmentUser { get; init; }

    /// <summary>The operation that works on it now: <c>Deployment</c>, <c>Reboot</c> or <c>Power</c>; null: none.</summary>
    public string? Operation => State switch
    {
        NodeKadeployState.Deploying => "Deployment",
        NodeKadeployState.Rebooting => "Reboot",
        NodeKadeployState.Powering => "Power",
        _ => null,
    };

    public override string ToString() => $"{Node}: {State}";
}
