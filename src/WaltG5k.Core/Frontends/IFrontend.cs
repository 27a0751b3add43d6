namespace WaltG5k.Core.Frontends;

/// <summary>
/// A site's front-end: all that the core knows of the outside. The same calls run on this machine, over OpenSSH, or inside the
/// embedded testbed. Every call is cancellable and propagates the failure of what it runs.
/// </summary>
public interface IFrontend
{
    /// <summary>The site it belongs to, such as <c>nancy</c>.</summary>
    string Site { get; }

    /// <summary>How messages name it: <c>fnancy</c>, <c>testbed nancy</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Runs a command to its end. <paramref name="onLine"/> gets each line as it comes, before the command ends.
    /// Cancelling kills the command (remotely too) within a second.
    /// </summary>
    /// <exception cref="G5kException">The front-end itself cannot be reached (<c>FrontendUnreachable</c>), or <c>CommandTimeout</c>.</exception>
    Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default);

    /// <summary>Opens a TCP channel to a port of <paramref name="host"/> as seen from the front-end.</summary>
    /// <exception cref="G5kException"><c>ChannelRefused</c>, <c>ChannelTimeout</c> or <c>FrontendUnreachable</c>.</exception>
    Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default);

    /// <summary>How the nodes behind this front-end are reached with ssh, without a login at the front-end for each of them.</summary>
    NodeGate Gate => new(this, ["ssh"]);

    /// <summary>
    /// Runs a command that talks to the user: on the real terminal where the command is a process, else (the embedded testbed) over
    /// <paramref name="terminal"/>. Returns its exit status.
    /// </summary>
    /// <exception cref="G5kException"><c>FrontendUnreachable</c>; <c>NoTerminal</c>: there is no terminal to talk on.</exception>
    Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default) =>
        throw new G5kException("NoTerminal", ErrorKind.InvalidOperation, $"{Name} cannot run '{request.Program}' interactively.", request.Program,
        "Run the command without a terminal.");

    /// <summary>
    /// Starts a program that is talked to while it runs, without a time limit: its caller disposes it. Null where that cannot be done; then
    /// <see cref="RunAsync"/> has to do.
    /// </summary>
    /// <exception cref="G5kException"><c>CommandNotStarted</c>.</exception>
    Task<IRunningProgram?> StartAsync(CommandRequest request, CancellationToken cancellationToken = default) =>
        Task.FromResult<IRunningProgram?>(null);
}
