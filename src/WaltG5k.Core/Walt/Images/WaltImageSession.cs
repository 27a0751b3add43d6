using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt.Images;

/// <summary>
/// Work on an image in a container, saved at the end or thrown away. The server keeps it as long as this connection lasts, and lets nobody else work
/// on the image meanwhile.
/// </summary>
public sealed class WaltImageSession : IAsyncDisposable
{
    static readonly TimeSpan s_saveTimeout = TimeSpan.FromMinutes(30);
    static readonly TimeSpan s_questionTimeout = TimeSpan.FromSeconds(30);

    readonly WaltServer _server;
    readonly RpcSession _session;
    readonly long _id;
    readonly Action<RpcResult> _warn;
    bool _hasRun;

    internal WaltImageSession(WaltServer server, RpcSession session, long id, string fullName, string container, string name, Action<RpcResult> warn)
    {
        (_server, _session, _id, _warn) = (server, session, id, warn);
        (FullName, Container, Name) = (fullName, container, name);
    }

    public string FullName { get; }
    public string Container { get; }
    /// <summary>Of the image, without the tag <c>latest</c>.</summary>
    public string Name { get; }

    /// <summary>A shell in the image, on a terminal. The image's own services run where it is made for that.</summary>
    /// <returns>The exit status of the helper that runs it, which says nothing of the shell.</returns>
    /// <exception cref="G5kException"><c>NoTerminal</c>, <c>WaltServerUnreachable</c>.</exception>
    public async Task<int> EnterAsync(ITerminal terminal, CancellationToken cancellationToken = default)
    {
        int status = await _server.Shell.RunInteractiveAsync(
            new CommandRequest("walt-image-shell-helper", FullName, Container) { Effect = CommandEffect.Change }, terminal,
            cancellationToken).ConfigureAwait(false);
        _hasRun = true;
        return status;
    }

    /// <summary>Runs a script in the image, by its <c>/bin/sh</c> in root's home. The image's init system does not run.</summary>
    /// <param name="arguments">The script's own: <c>$1</c> and so on.</param>
    /// <exception cref="G5kException"><c>ImageContainerFailed</c>: podman could not run it at all; <c>WaltServerUnreachable</c>,
    /// <c>CommandTimeout</c>.</exception>
    public async Task<CommandResult> RunAsync(string script, IReadOnlyList<string> arguments, TimeSpan timeout, Action<OutputLine>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        if (_hasRun) throw new InvalidOperationException("A session runs one container.");
        CommandRequest request = new(
        [
            "podman", "run", "--log-driver=none", "-q", "-i", "--pull=never", "--name", Container, "-h", "image-shell", "-w", "/root",
                "--entrypoint", "/bin/sh",
            "docker.io/" + FullName, "-s", "--", .. arguments,
        ])
        {
            Input = script.EndsWith('\n') ? script : script + "\n",
            Timeout = timeout,
            Effect = CommandEffect.Change,
        };
        CommandResult result = await _server.Shell.RunAsync(request, onLine, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus is 125 or 126 or 127 && !await HasEndedAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new G5kException("ImageContainerFailed", ErrorKind.InvalidOperation,
                $"podman on {_server.Host} could not run the image '{Name}': {result.LastLines(2)}", Name,
                $"ssh root@{_server.Host} podman run --rm docker.io/{FullName} true");
        }
        _hasRun = true;
        return result;
    }

    /// <summary>Somebody else, such as a stream, has run the container to its end.</summary>
    internal void MarkRun() => _hasRun = true;

    /// <summary>
    /// Saves what was changed, as the image itself or under a new name. Nodes that boot the image are rebooted then; unless
    /// <paramref name="confirmed"/> nothing is saved over an image, and the answer is false.
    /// </summary>
    /// <exception cref="G5kException"><c>ImageNameInvalid</c>, <c>ImageExists</c>, <c>ImageContainerFailed</c>,
    /// <c>WaltServerDiskFull</c>.</exception>
    public async Task<bool> SaveAsync(string name, bool confirmed, CancellationToken cancellationToken = default)
    {
        name = WaltImageName.Require(name);
        // The server waits for the end of the container without any limit, and everybody waits with it: never ask for a container that did not run.
        if (!_hasRun) throw new InvalidOperationException("Nothing has run in the session.");
        RpcCall call = new("image_shell_session_save", _server.User, _id, name, confirmed) { Timeout = s_saveTimeout, IsIdempotent = false };
        RpcResult result = await _session.CallAsync(call, cancellationToken).ConfigureAwait(false);
        switch (result.Value.AsString())
        {
            case "NAME_NEEDS_CONFIRM": return false;
            case { } status when status.StartsWith("OK", StringComparison.Ordinal):
                _warn(result);
                return true;
            default: throw ImageMessages.Explain(result.Errors, Name, name, _server.Host);
        }
    }

    /// <summary>
    /// As <see cref="SaveAsync"/>, over whatever image has that name. WalT replaces no other image than the one that was worked on: the other is set
    /// aside until the new one is there, and must not be in use.
    /// </summary>
    /// <exception cref="G5kException">As <see cref="SaveAsync"/>; <c>ImageInUse</c>.</exception>
    public async Task SaveReplacingAsync(string name, CancellationToken cancellationToken = default)
    {
        name = WaltImageName.Require(name);
        string? aside = null;
        if (name != Name && await _server.FindOwnImageAsync(name, cancellationToken).ConfigureAwait(false) is not null)
        {
            aside = $"{name.Replace(':', '-')}-replaced-{Container.Split('-')[0]}";
            await _server.RenameImageAsync(name, aside, cancellationToken).ConfigureAwait(false);
        }
        try
        {
            await SaveAsync(name, confirmed: true, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException) when (aside is not null)
        {
            await _server.RenameImageAsync(aside, name, cancellationToken).ConfigureAwait(false);
            throw;
        }
        if (aside is not null) await _server.RemoveImageAsync(aside, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the container is there, and has ended.</summary>
    public async Task<bool> HasEndedAsync(CancellationToken cancellationToken = default)
    {
        CommandRequest question = new("podman", "inspect", "--format", "{{.State.Status}}", Container) { Timeout = s_questionTimeout };
        CommandResult result = await _server.Shell.RunAsync(question, null, cancellationToken).ConfigureAwait(false);
        return result.ExitStatus == 0 && result.Output.Trim() is "exited" or "stopped";
    }

    /// <summary>Ends the session: the server removes its container.</summary>
    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
