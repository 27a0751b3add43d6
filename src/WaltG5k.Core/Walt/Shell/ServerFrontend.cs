using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt.Shell;

/// <summary>
/// A WalT server as a front-end: commands are root's on the server, reached by ssh from a site's front-end (or from this machine); channels lead to
/// ports of the nodes behind it.
/// </summary>
/// <param name="frontend">From where the server is reached.</param>
/// <param name="host">The server.</param>
/// <param name="connect">Opens a channel to a port of a node.</param>
public sealed class ServerFrontend(IFrontend frontend, string host, Func<string, int, CancellationToken, Task<Stream>>? connect = null) : IFrontend
{
    static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>WalT's own way from its server to a node: all images have the same host keys, and the server's root may log in.</summary>
    static readonly string[] s_toNodes =
    [
        "ssh", "-o", "BatchMode=yes", "-o", "PreferredAuthentications=publickey", "-o", "UserKnownHostsFile=/var/lib/walt/ssh/known_hosts.nodes",
            "-o", "HostKeyAlias=walt.node",
        "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=5", "-o", "LogLevel=ERROR",
    ];

    /// <summary>True when the machine was just deployed; false for one that keeps its host keys.</summary>
    public bool HasNewHostKeys { get; init; } = true;

    public string Host => host;
    public string Site => frontend.Site;
    public string Name => "root@" + host;

    /// <summary>Nodes are reached from the server: append options, <c>root@ADDRESS</c> and a command.</summary>
    public NodeGate Gate => new(this, s_toNodes);

    /// <inheritdoc/>
    /// <exception cref="G5kException"><c>WaltServerUnreachable</c>: ssh does not get there; <c>CommandTimeout</c>, or what the front-end
    /// throws.</exception>
    public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default) =>
        RunLineAsync(request, GetLine(request), onLine, cancellationToken);

    /// <summary>Runs what root's login shell understands; every word in it must be quoted already.</summary>
    /// <param name="template">Its input, time limit and the like; its words are only for messages.</param>
    /// <exception cref="G5kException">As <see cref="RunAsync"/>.</exception>
    public Task<CommandResult> RunShellAsync(string line, CommandRequest? template = null, CancellationToken cancellationToken = default) =>
        RunLineAsync((template ?? new CommandRequest()) with { Arguments = [line] }, line, null, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="G5kException">As <see cref="RunAsync"/>.</exception>
    public Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default)
    {
        NodeGate gate = frontend.Gate;
        return gate.Runner.RunInteractiveAsync(request with { Arguments = GetWords(gate, "-t", GetLine(request)), Environment = NoVariables },
            terminal, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IRunningProgram?> StartAsync(CommandRequest request, CancellationToken cancellationToken = default)
    {
        NodeGate gate = frontend.Gate;
        return gate.Runner.StartAsync(request with { Arguments = GetWords(gate, null, GetLine(request)), Environment = NoVariables },
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="G5kException"><c>NodePortUnreachable</c>, and as <see cref="WaltServer.ConnectNodeAsync"/>.</exception>
    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) => connect is not null
        ? connect(host, port, cancellationToken)
        : throw new G5kException("ChannelRefused", ErrorKind.InvalidOperation,
        FormattableString.Invariant($"No channel leads through {Name} to {host}:{port}."), host, "Run a command there instead.");

    static Dictionary<string, string> NoVariables => [];

    static string GetLine(CommandRequest request) => request.Environment.Count == 0
        ? PosixShell.Join(request.Arguments)
        : PosixShell.Join(["env", .. request.Environment.Select(v => $"{v.Key}={v.Value}"), .. request.Arguments]);

    IReadOnlyList<string> GetWords(NodeGate gate, string? terminal, string line) =>
    [
        .. gate.Ssh, .. SshOptions.For(s_connectTimeout, HasNewHostKeys ? HostKeys.Ignored : HostKeys.FirstKept), "-o", "SetEnv=LC_ALL=C",
        terminal ?? "-T",
        "--", "root@" + host, line,
    ];

    async Task<CommandResult> RunLineAsync(CommandRequest request, string line, Action<OutputLine>? onLine, CancellationToken cancellationToken)
    {
        NodeGate gate = frontend.Gate;
        CommandRequest ssh = request with { Arguments = GetWords(gate, request.Terminal ? "-tt" : null, line), Environment = NoVariables };
        CommandResult result = (await gate.Runner.RunAsync(ssh, onLine, cancellationToken).ConfigureAwait(false)) with { Frontend = Name,
            Request = request };
        if (result.ExitStatus != SshFailures.Status || SshFailures.Explain(result) is not var (why, advice)) return result;
        // An ssh that was run there, to a node, fails with the same status and words; but it names another host.
        if (request.Program == "ssh" && !result.Error.Contains(host, StringComparison.OrdinalIgnoreCase)) return result;
        throw new G5kException("WaltServerUnreachable", ErrorKind.ConnectionError,
            $"{Name} cannot be reached by ssh from {frontend.Name}: {why}. {result.LastLines(2)}", host,
            advice.Replace("{0}", Name, StringComparison.Ordinal));
    }
}
