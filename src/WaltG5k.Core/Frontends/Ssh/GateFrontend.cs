using System.Diagnostics;

namespace WaltG5k.Core.Frontends.Ssh;

/// <summary>
/// Any machine that the ssh client reaches, as the place from which a WalT server is reached: commands run there, channels lead through it.
/// </summary>
/// <param name="destination"><c>user@host</c>, or a name of the ssh configuration.</param>
/// <param name="ssh">The ssh client, with options.</param>
public sealed class GateFrontend(string destination, TimeProvider? time = null, params IReadOnlyList<string> ssh) : IFrontend
{
    readonly HopFrontend _commands = new(destination, time);
    readonly IReadOnlyList<string> _ssh = ssh.Count > 0 ? ssh : ["ssh"];

    public string Site => "";
    public string Name => destination;

    /// <inheritdoc/>
    public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default) =>
        _commands.RunAsync(request, onLine, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>ssh tells that a channel failed only by ending: the first read then throws.</remarks>
    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string target = FormattableString.Invariant($"{host}:{port}");
        ProcessStartInfo info = new(_ssh[0], [.. _ssh.Skip(1), "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "LogLevel=ERROR", "-W",
            target, "--", destination])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment["LC_ALL"] = "C";
        try
        {
            return Task.FromResult<Stream>(new ProcessStream(Process.Start(info)!, destination, target));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new G5kException("CommandNotStarted", ErrorKind.ResourceUnavailable, $"The ssh client cannot be started: {e.Message}", _ssh[0],
                "Install OpenSSH's client, such as: apt install openssh-client", e);
        }
    }
}
