using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Power, reboots, states, rights and consoles of the nodes of one site, by Kadeploy's commands. A node that fails is a result.</summary>
public sealed partial class NodeControl(IFrontend frontend, TimeProvider time)
{
    static readonly TimeSpan s_readTimeout = TimeSpan.FromMinutes(3), s_orderTimeout = TimeSpan.FromMinutes(2);
    KadeployForm? _form;

    /// <summary>
    /// Reboots nodes and waits until they answer. Those that fail are tried again, then harder, as the request says; each node yields one result, as
    /// soon as nothing more is tried with it.
    /// </summary>
    /// <exception cref="G5kException"><c>KadeployRefused</c> and others for the request as a whole: rights, nodes in use, unknown
    /// environment.</exception>
    public IAsyncEnumerable<NodeOperationResult> RebootAsync(NodeRebootRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var tries = new NodeTries("Reboot", request.Nodes, request.Level, request.EscalateTo, request.Retries, request.Waits, time);
        return tries.RunAsync(async (nodes, level, token) =>
        {
            _form ??= await new KadeployClient(frontend).DetectFormAsync(token).ConfigureAwait(false);
            return await RunAsync(GetCommand(request, nodes, level, _form.Value), nodes, request.Waits, token).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <summary>Switches nodes on or off by <c>kapower3</c>, with retries as <see cref="RebootAsync"/>.</summary>
    public IAsyncEnumerable<NodeOperationResult> SetPowerAsync(NodePowerRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        // kapower3 has no soft way on, and says so only after it has begun.
        NodeLevel level = request is { IsOn: true, Level: NodeLevel.Soft } ? NodeLevel.Hard : request.Level;
        var tries = new NodeTries(request.IsOn ? "PowerOn" : "PowerOff", request.Nodes, level, request.EscalateTo, request.Retries, request.Waits,
            time);
        return tries.RunAsync((nodes, used, token) => RunAsync(new CommandRequest(
            ["kapower3", request.IsOn ? "--on" : "--off", "-l", Word(used), .. Options(request.Waits, request.Force), "-f", "-"])
        {
            Effect = CommandEffect.Change,
            Input = Lines(nodes),
            Timeout = request.Waits ? request.Timeout : s_orderTimeout,
        }, nodes, request.Waits, token), cancellationToken);
    }

    /// <summary>Whether each node has power, in the order of the names.</summary>
    /// <exception cref="G5kException"><c>KadeployRefused</c>.</exception>
    public async Task<IReadOnlyList<NodePower>> GetPowerAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken = default)
    {
        CommandResult result = await RunAsync(new CommandRequest("kapower3", "--status", "-f", "-") { Input = Lines(nodes),
            Timeout = s_readTimeout + TimeSpan.FromSeconds(nodes.Count) }, cancellationToken).ConfigureAwait(false);
        var states = new Dictionary<string, NodePowerState>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in result.Output.Split('\n'))
            if (PowerLine().Match(line.TrimEnd('\r')) is { Success: true } match)
                states[match.Groups[1].Value] = match.Groups[2].Value == "on" ? NodePowerState.On : NodePowerState.Off;
        Dictionary<string, NodeRunResult> ends = ReadEnds(result.Output, nodes).ToDictionary(e => e.Node, StringComparer.OrdinalIgnoreCase);
        return [.. nodes.Select(n => states.TryGetValue(n, out NodePowerState state) ? new NodePower(n, state)
            : new NodePower(n, NodePowerState.Unknown) { Reason = ends.GetValueOrDefault(n)?.Reason ?? "Kadeploy said nothing about this node" })];
    }

    /// <summary>What Kadeploy remembers of nodes; one that it has never worked on has no more than its name.</summary>
    /// <param name="nodes">Empty: every node of the site.</param>
    /// <exception cref="G5kException"><c>KadeployRefused</c>.</exception>
    public async Task<IReadOnlyList<G5kNodeState>> GetStatesAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken = default)
    {
        string[] some = nodes.Count > 0 ? ["-f", "-"] : [];
        CommandResult result = await RunAsync(new CommandRequest(["kanodes3", "-s", .. some]) { Input = nodes.Count > 0 ? Lines(nodes) : null,
            Timeout = s_readTimeout }, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<G5kNodeState> states = NodeStateReader.Read(result.Output);
        if (nodes.Count == 0) return states;
        // Some versions list every node whatever was asked for.
        Dictionary<string, G5kNodeState> byName = states.ToDictionary(s => s.Node, StringComparer.OrdinalIgnoreCase);
        return [.. nodes.Select(n => byName.GetValueOrDefault(n) ?? new G5kNodeState(n, NodeKadeployState.Unknown))];
    }

    /// <summary>Who may deploy on which nodes now: the owners of their jobs.</summary>
    /// <param name="nodes">Empty: all.</param>
    /// <exception cref="G5kException"><c>KadeployRefused</c>: not everybody may ask everywhere.</exception>
    public async Task<IReadOnlyList<KadeployRight>> GetRightsAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken = default)
    {
        CommandResult result = await RunAsync(new CommandRequest(["karights3", "-l"]) { Timeout = s_readTimeout }, cancellationToken)
            .ConfigureAwait(false);
        var wanted = new HashSet<string>(nodes, StringComparer.OrdinalIgnoreCase);
        return [.. KadeployRight.ReadAll(result.Output).Where(r => wanted.Count == 0 || wanted.Contains(r.Node))];
    }

    /// <summary>
    /// The command that opens a node's console on a terminal. Four times Esc leaves it; where conman serves consoles, <c>&amp;.</c> too.
    /// </summary>
    public static CommandRequest GetConsoleCommand(string node) => new("kaconsole3", "-m", node) { Terminal = true, Effect = CommandEffect.Change };

    static CommandRequest GetCommand(NodeRebootRequest request, IReadOnlyList<string> nodes, NodeLevel level, KadeployForm form)
    {
        // The kind was an option once, and is a word of its own today.
        string[] kind = form == KadeployForm.Old ? ["-r", WordOf(request.Kind)] : [WordOf(request.Kind)];
        List<string> words = ["kareboot3", .. kind, "-l", Word(level), .. Options(request.Waits, request.Force)];
        Add("-e", request.Environment);
        Add("-u", request.EnvironmentUser);
        Add("--env-version", request.EnvironmentVersion?.ToString(CultureInfo.InvariantCulture));
        Add("-p", request.Partition);
        Add("-b", request.BlockDevice);
        Add("-k", request.Key);
        Add("--vlan", request.Vlan);
        Add("-w", request.PxeProfile);
        return new CommandRequest([.. words, "-f", "-"]) { Effect = CommandEffect.Change, Input = Lines(nodes),
            Timeout = request.Waits ? request.Timeout : s_orderTimeout };

        void Add(string option, string? value)
        {
            if (value is { Length: > 0 }) words.AddRange([option, value]);
        }
    }

    async Task<NodeRun> RunAsync(CommandRequest command, IReadOnlyList<string> nodes, bool waits, CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync(command, cancellationToken).ConfigureAwait(false);
        string? id = WorkflowId().Match(result.Output) is { Success: true } match ? match.Value : null;
        return new NodeRun(id, waits ? ReadEnds(result.Output, nodes) : [.. nodes.Select(n => new NodeRunResult(n, true, null, null))]);
    }

    /// <summary>kareboot3 and kapower3 end with status 0 whatever became of the nodes: another status refuses the request.</summary>
    async Task<CommandResult> RunAsync(CommandRequest command, CancellationToken cancellationToken)
    {
        CommandResult result = await frontend.RunAsync(command, null, cancellationToken).ConfigureAwait(false);
        return result.ExitStatus == 0 ? result : throw KadeployRefusedException.From(frontend.Site, result, frontend.Site);
    }

    static IReadOnlyList<NodeRunResult> ReadEnds(string output, IReadOnlyList<string> nodes)
    {
        var monitor = new KadeployMonitor(nodes);
        var reader = new KadeployReader(monitor.Take);
        foreach (string line in output.Split('\n')) reader.WriteLine(line);
        reader.Complete();
        return [.. monitor.GetResults().Select(r => new NodeRunResult(r.Node, r.IsOk, r.Step, r.Reason))];
    }

    static string[] Options(bool waits, bool force) => [.. waits ? [] : (string[])["--no-wait"], .. force ? (string[])["--force"] : []];

    static string Lines(IEnumerable<string> nodes) => string.Concat(nodes.Select(n => n + "\n"));

    static string Word(NodeLevel level) => level switch { NodeLevel.Soft => "soft", NodeLevel.Hard => "hard", _ => "very_hard" };

    static string WordOf(RebootKind kind) => kind switch
    {
        RebootKind.SetPxe => "set_pxe", RebootKind.DeployEnvironment => "deploy_env", RebootKind.RecordedEnvironment => "recorded_env", _ => "simple",
    };

    [GeneratedRegex(@"^(\S+): (on|off)$", RegexOptions.CultureInvariant)]
    private static partial Regex PowerLine();

    [GeneratedRegex("[DRP]-[0-9a-f]{8}-[0-9a-f-]{27}", RegexOptions.CultureInvariant)]
    private static partial Regex WorkflowId();
}
