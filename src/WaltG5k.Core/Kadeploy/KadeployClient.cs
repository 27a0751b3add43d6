using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Kadeploy of one site through its commands.</summary>
public sealed partial class KadeployClient(IFrontend frontend)
{
    static readonly TimeSpan s_rebootTimeout = TimeSpan.FromMinutes(20);
    static readonly TimeSpan s_orderTimeout = TimeSpan.FromMinutes(2);

    /// <summary>The form of the command lines; see <see cref="DetectFormAsync"/>.</summary>
    public KadeployForm Form { get; init; } = KadeployForm.Current;

    /// <summary>The form that the site's programs take, by their version.</summary>
    public async Task<KadeployForm> DetectFormAsync(CancellationToken cancellationToken = default)
    {
        CommandResult result = await frontend.RunAsync(new CommandRequest("kadeploy3", "-v"), null, cancellationToken).ConfigureAwait(false);
        // Kadeploy version: 3.3.11.stable
        return VersionNumber().Match(result.Output) is { Success: true } match && Version.TryParse(match.Value, out Version? version)
            && version < new Version(3, 8)
            ? KadeployForm.Old : KadeployForm.Current;
    }

    /// <summary>Deploys and waits. kadeploy3 exits 0 even when every node failed: the lists at the end of its output decide.</summary>
    /// <param name="onEvent">Gets each event as it comes.</param>
    /// <exception cref="G5kException">
    /// <c>InvalidKadeployRequest</c> before anything is sent; <c>KadeployRefused</c> for a request error (rights, unknown environment, nodes in use).
    /// </exception>
    public Task<KadeployRun> DeployAsync(KadeployRequest request, Action<KadeployEvent>? onEvent = null,
        CancellationToken cancellationToken = default)
    {
        var command = new CommandRequest(KadeployCommandLine.Deploy(request, Form))
        {
            Effect = CommandEffect.Change,
            Timeout = request.Timeout,
            Terminal = !request.NoWait, // on a pipe its client keeps everything back until the end
        };
        return RunAsync(command, request.Nodes, !request.NoWait, request.Environment, onEvent, cancellationToken);
    }

    /// <summary>Reboots nodes (<c>kareboot3 simple</c>).</summary>
    /// <param name="level"><c>soft</c>, <c>hard</c> or <c>very_hard</c>.</param>
    /// <param name="wait">False: returns as soon as the order is taken; nothing is known about the nodes then, and no results come back.</param>
    /// <param name="force">Take nodes away from an operation under way. Without it kareboot3 leaves them out, and says so only when no node is
    /// left.</param>
    /// <exception cref="G5kException"><c>KadeployRefused</c> for a request error (rights, nodes in use).</exception>
    public Task<KadeployRun> RebootAsync(IReadOnlyList<string> nodes, string level, bool wait, bool force = false,
        CancellationToken cancellationToken = default)
    {
        KadeployRequestCheck.RequireNodes(nodes);
        string[] kind = Form == KadeployForm.Old ? ["-r", "simple"] : ["simple"];
        string[] options = ["-l", level, .. wait ? [] : (string[])["--no-wait"], .. force ? (string[])["--force"] : []];
        var command = new CommandRequest(["kareboot3", .. kind, .. options, .. KadeployCommandLine.Machines(nodes)])
        {
            Effect = CommandEffect.Change,
            Timeout = wait ? s_rebootTimeout : s_orderTimeout,
        };
        return RunAsync(command, nodes, wait, nodes, null, cancellationToken);
    }

    async Task<KadeployRun> RunAsync(CommandRequest command, IReadOnlyList<string> nodes, bool waits, object target, Action<KadeployEvent>? onEvent,
        CancellationToken cancellationToken)
    {
        var monitor = new KadeployMonitor(nodes);
        var reader = new KadeployReader(happened =>
        {
            monitor.Take(happened);
            onEvent?.Invoke(happened);
        });
        CommandResult result = await frontend.RunAsync(command, line => reader.WriteLine(line.Text), cancellationToken).ConfigureAwait(false);
        reader.Complete();
        if (result.ExitStatus != 0) throw KadeployRefusedException.From(frontend.Site, result, target);
        return new KadeployRun(monitor.WorkflowId, waits ? monitor.GetResults() : [], result.Duration) { Steps = monitor.GetSteps() };
    }

    [GeneratedRegex("[0-9]+(?:\\.[0-9]+){1,3}", RegexOptions.CultureInvariant)]
    private static partial Regex VersionNumber();
}
