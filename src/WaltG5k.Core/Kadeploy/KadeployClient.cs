using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>A deployment to run. Node by node results come back: a failed node is a result.</summary>
public sealed record KadeployRequest
{
    public required IReadOnlyList<string> Nodes { get; init; }
    /// <summary>A registered name (<c>debian12-min</c>), or a file or URL of a description.</summary>
    public required string Environment { get; init; }
    /// <summary>True when <see cref="Environment"/> is a file or URL (<c>-a</c>).</summary>
    public bool IsDescription { get; init; }
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(25);
}

/// <summary>What became of a node.</summary>
/// <param name="Step">The step that failed: <c>BootNewEnvKexec-wait_reboot</c>.</param>
public sealed record KadeployNodeResult(string Node, bool IsOk, string? Step = null, string? Reason = null);

public sealed record KadeployResult(string? WorkflowId, IReadOnlyList<KadeployNodeResult> Nodes, TimeSpan Duration);

/// <summary>Where a running deployment stands.</summary>
/// <param name="MacroStep"><c>SetDeploymentMiniOS</c>, <c>BroadcastEnv</c> or <c>BootNewEnv</c>, with its instance: <c>BootNewEnvKexec</c>.</param>
public sealed record KadeployProgress(string MacroStep, string? MicroStep);

/// <summary>Kadeploy of one site through its commands.</summary>
public sealed partial class KadeployClient(IFrontend frontend)
{
    /// <summary>Deploys and waits. kadeploy3 exits 0 even when every node failed: the lists at the end of its output decide.</summary>
    /// <exception cref="G5kException"><c>KadeployRefused</c> for a request error (rights, unknown environment, nodes in use).</exception>
    public partial Task<KadeployResult> DeployAsync(KadeployRequest request, Action<KadeployProgress>? onProgress = null, CancellationToken cancellationToken = default);

    /// <summary>Reboots nodes (<c>kareboot3 simple</c>).</summary>
    /// <param name="level"><c>soft</c>, <c>hard</c> or <c>very_hard</c>.</param>
    /// <param name="wait">False: returns as soon as the order is taken; nothing is known about the nodes then.</param>
    public partial Task<KadeployResult> RebootAsync(IReadOnlyList<string> nodes, string level, bool wait, CancellationToken cancellationToken = default);
}
