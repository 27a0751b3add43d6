using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>Deployments by the commands of a front-end: kadeploy3 on a pseudo-terminal, kanodes3 and kastat3 to find a lost one again.</summary>
/// <param name="files">Texts that are put on the front-end first.</param>
public sealed class CommandChannel(IFrontend frontend, TimeProvider time, DeploymentFiles files) : IDeploymentChannel
{
    const string Folder = "kadeploy";
    internal const string KeyFile = "~/.walt-g5k/kadeploy/authorized_keys";
    internal const string KadeployMissing = "KadeployMissing";
    const int StatusOfSignals = 128, StatusNotFound = 127;

    /// <summary>An order that does not wait takes some seconds: files of descriptions are read first.</summary>
    static readonly TimeSpan s_orderTimeout = TimeSpan.FromMinutes(2);

    readonly Dictionary<string, string> _stored = new(StringComparer.Ordinal);

    public string Site => frontend.Site;

    /// <summary>Where a text with that name will lie.</summary>
    public static string GetPath(string name) => $"~/.walt-g5k/{Folder}/{name}";

    /// <inheritdoc/>
    public async Task DeployAsync(KadeployRequest request, Action<KadeployEvent> onEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool hasStarted = false, hasReported = false;
        var reader = new KadeployReader(e =>
        {
            hasStarted |= e is WorkflowStarted;
            hasReported |= e is NodeReported;
            onEvent(e);
        }, time);
        CommandRequest command = await PrepareAsync(request, cancellationToken).ConfigureAwait(false) with
        {
            Timeout = request.Timeout,
            Terminal = true, // on a pipe its client keeps everything back until the end
        };
        CommandResult result;
        try
        {
            result = await frontend.RunAsync(command, line => reader.WriteLine(line.Text), cancellationToken).ConfigureAwait(false);
        }
        catch (FrontendUnreachableException e) when (e.Reason == SshFailureReason.ConnectionLost || hasStarted)
        {
            throw new DeploymentLostException(Site, e.Message, e);
        }
        reader.Complete();
        if (result.ExitStatus == 0 || hasReported) return;
        if (hasStarted || result.ExitStatus > StatusOfSignals)
            throw new DeploymentLostException(Site, FormattableString.Invariant($"kadeploy3 ended with status {result.ExitStatus}."));
        throw Refused(result, request);
    }

    /// <inheritdoc/>
    public async Task<string> OrderAsync(KadeployRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? id = null;
        var reader = new KadeployReader(e => id ??= (e as WorkflowStarted)?.WorkflowId, time);
        CommandRequest command = await PrepareAsync(request with { NoWait = true }, cancellationToken)
            .ConfigureAwait(false) with { Timeout = s_orderTimeout };
        CommandResult result = await frontend.RunAsync(command, line => reader.WriteLine(line.Text), cancellationToken).ConfigureAwait(false);
        reader.Complete();
        if (result.ExitStatus != 0) throw Refused(result, request);
        return id ?? throw new CommandFailedException("WorkflowUnknown", $"Kadeploy at {Site} does not tell the id of the deployment", result,
            request.Environment,
            $"Look for it: Get-KadeployWorkflow -Site {Site}", ErrorKind.ProtocolError);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<KadeployResult>> FollowAsync(string? workflowId, IReadOnlyList<string> nodes, TimeSpan limit,
        CancellationToken cancellationToken) =>
        new WorkflowFollower(frontend, this, time).FollowAsync(workflowId, nodes, limit, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> GetStatesAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var command = new CommandRequest(["kanodes3", "-s", .. KadeployCommandLine.Machines(nodes)]);
        CommandResult result = await frontend.RunAsync(command, null, cancellationToken).ConfigureAwait(false);
        result.EnsureSuccess("NodeStatesNotRead", $"Kadeploy at {Site} does not tell the states of its nodes", Site,
            $"Try kanodes3 -s on the front-end of {Site}.");
        return NodeStateList.Read(result.Output);
    }

    /// <summary>The command, once what Kadeploy reads from files lies there.</summary>
    async Task<CommandRequest> PrepareAsync(KadeployRequest request, CancellationToken cancellationToken)
    {
        if (request.Key?.Text is { } keys)
            request = request with { Key = new KadeployKey(await StoreAsync(KeyFile, keys, cancellationToken).ConfigureAwait(false)) };
        if (files.Description is { } description)
            request = request with { Environment = await StoreAsync(request.Environment, description, cancellationToken).ConfigureAwait(false) };
        if (files.CustomSteps is { } steps)
            request = request with { CustomSteps = await StoreAsync(request.CustomSteps!, steps, cancellationToken).ConfigureAwait(false) };
        // Only some options are written differently by old versions.
        bool matters = (request.Partition ?? request.BlockDevice ?? request.Architecture) is not null || request.Steps.Count > 0;
        KadeployForm form = matters ? await new KadeployClient(frontend).DetectFormAsync(cancellationToken).ConfigureAwait(false)
            : KadeployForm.Current;
        return new CommandRequest(KadeployCommandLine.Deploy(request, form)) { Effect = CommandEffect.Change };
    }

    /// <summary>Once for all attempts.</summary>
    async Task<string> StoreAsync(string file, string text, CancellationToken cancellationToken)
    {
        if (_stored.TryGetValue(file, out string? path)) return path;
        return _stored[file] = await frontend.StoreAsync(Folder, file[(file.LastIndexOf('/') + 1)..], text, cancellationToken).ConfigureAwait(false);
    }

    G5kException Refused(CommandResult result, KadeployRequest request) => result.ExitStatus == StatusNotFound
        ? new CommandFailedException(KadeployMissing, $"{Site} has no Kadeploy", result, Site, "Deploy through the API: -UseApi",
            ErrorKind.NotInstalled)
        : KadeployRefusedException.From(Site, result, request.Environment);
}
