using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// The user's own program on a front-end when a deployment over all sites is over: it gets a file with the good nodes and one with the failed ones,
/// as its arguments and in <c>KADEPLOY_OK_NODES</c> and <c>KADEPLOY_KO_NODES</c>. kadeploy3's own <c>-s</c> would run it once per site and attempt,
/// and hide its status.
/// </summary>
public static class DeploymentScript
{
    /// <param name="path">On the front-end; relative to the home.</param>
    /// <param name="onLine">Gets what it prints, as it comes.</param>
    /// <returns>How it ended; a status other than 0 is a result.</returns>
    /// <exception cref="G5kException"><c>FileNotWritten</c>, <c>CommandTimeout</c>, <c>FrontendUnreachable</c>.</exception>
    public static async Task<CommandResult> RunAsync(
        IFrontend frontend, string path, NodeDeploymentSummary summary, TimeSpan timeout, Action<OutputLine> onLine,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frontend);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(summary);
        string id = summary.Results.Select(r => r.WorkflowId).FirstOrDefault(i => i is not null) ?? "none";
        string ok = await frontend.StoreAsync("kadeploy", $"{id}.ok", Lines(summary.Results, isOk: true), cancellationToken).ConfigureAwait(false);
        string ko = await frontend.StoreAsync("kadeploy", $"{id}.ko", Lines(summary.Results, isOk: false), cancellationToken).ConfigureAwait(false);
        string program = path.StartsWith("~/", StringComparison.Ordinal) ? "./" + path[2..] : path.StartsWith('/') ? path : "./" + path;
        var request = new CommandRequest("sh", "-c", $"cd && {PosixShell.Join([program, ok, ko])}")
        {
            Environment = new Dictionary<string, string> { ["KADEPLOY_OK_NODES"] = ok, ["KADEPLOY_KO_NODES"] = ko },
            Effect = CommandEffect.Change,
            Timeout = timeout,
        };
        return await frontend.RunAsync(request, onLine, cancellationToken).ConfigureAwait(false);
    }

    static string Lines(IEnumerable<KadeployResult> results, bool isOk) =>
        string.Concat(results.Where(r => r.IsOk == isOk).Select(r => r.Node + "\n"));
}
