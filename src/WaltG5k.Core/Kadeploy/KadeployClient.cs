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

/// <summary>One result per node asked for, in that order; none when nobody waited for them.</summary>
public sealed record KadeployResult(string? WorkflowId, IReadOnlyList<KadeployNodeResult> Nodes, TimeSpan Duration);

/// <summary>Where a running deployment stands.</summary>
/// <param name="MacroStep"><c>SetDeploymentMiniOS</c>, <c>BroadcastEnv</c> or <c>BootNewEnv</c>, with its instance: <c>BootNewEnvKexec</c>.</param>
public sealed record KadeployProgress(string MacroStep, string? MicroStep);

/// <summary>Kadeploy of one site through its commands.</summary>
public sealed class KadeployClient(IFrontend frontend)
{
    static readonly TimeSpan s_rebootTimeout = TimeSpan.FromMinutes(20);
    static readonly TimeSpan s_orderTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Deploys and waits. kadeploy3 exits 0 even when every node failed: the lists at the end of its output decide.</summary>
    /// <exception cref="G5kException"><c>KadeployRefused</c> for a request error (rights, unknown environment, nodes in use).</exception>
    public async Task<KadeployResult> DeployAsync(KadeployRequest request, Action<KadeployProgress>? onProgress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.Nodes.Count, nameof(request));
        var command = new CommandRequest(["kadeploy3", request.IsDescription ? "-a" : "-e", request.Environment, "-k", .. Machines(request.Nodes)])
        {
            Effect = CommandEffect.Change,
            Timeout = request.Timeout,
            Terminal = true, // on a pipe its client keeps everything back until the end
        };
        var output = new KadeployOutput(onProgress);
        CommandResult result = await frontend.RunAsync(command, line => output.TakeLine(line.Text), cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus != 0) throw KadeployErrors.Refused(frontend.Site, result, request.Environment);
        return new KadeployResult(output.WorkflowId, output.GetResults(request.Nodes), result.Duration);
    }

    /// <summary>Reboots nodes (<c>kareboot3 simple</c>).</summary>
    /// <param name="level"><c>soft</c>, <c>hard</c> or <c>very_hard</c>.</param>
    /// <param name="wait">False: returns as soon as the order is taken; nothing is known about the nodes then, and no results come back.</param>
    /// <param name="force">Take nodes away from an operation under way. Without it kareboot3 leaves them out, and says so only when no node is left.</param>
    /// <exception cref="G5kException"><c>KadeployRefused</c> for a request error (rights, nodes in use).</exception>
    public async Task<KadeployResult> RebootAsync(IReadOnlyList<string> nodes, string level, bool wait, bool force = false, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Count, nameof(nodes));
        string[] options = ["-l", level, .. wait ? [] : (string[])["--no-wait"], .. force ? (string[])["--force"] : []];
        var command = new CommandRequest(["kareboot3", "simple", .. options, .. Machines(nodes)])
        {
            Effect = CommandEffect.Change,
            Timeout = wait ? s_rebootTimeout : s_orderTimeout,
        };
        CommandResult result = await frontend.RunAsync(command, null, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus != 0) throw KadeployErrors.Refused(frontend.Site, result, nodes);
        var output = new KadeployOutput(null);
        foreach (string line in result.Output.Split('\n')) output.TakeLine(line);
        return new KadeployResult(output.WorkflowId, wait ? output.GetResults(nodes) : [], result.Duration);
    }

    static IEnumerable<string> Machines(IEnumerable<string> nodes) => nodes.SelectMany(n => (string[])["-m", n]);
}
