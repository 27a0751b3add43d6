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
}
