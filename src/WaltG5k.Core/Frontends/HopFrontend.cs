using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// The front-end of another site, reached by ssh from the one that this machine is: inside Grid'5000 a site's name is the host name of its front-end,
/// and all hosts can be reached from everywhere. A cancelled command dies at the far end too.
/// </summary>
public sealed class HopFrontend(string site, TimeProvider? time = null) : IFrontend
{
    /// <summary>
    /// Runs the command with the first N bytes of what ssh brings as its input. What ssh brings ends when we close it or when the connection breaks: then
    /// the command's process group (sshd gives it one of its own) is interrupted, terminated and killed.
    /// </summary>
    const string Watchdog =
        """exec 3<&0; n=$1; shift; exec "$@" < <(trap '' INT TERM; exec 2>/dev/null; head -c "$n" <&3; exec >/dev/null; cat <&3; """
        + """kill -INT -- -$$; sleep 0.5; kill -TERM -- -$$; sleep 1.5; kill -KILL -- -$$) 3<&-""";

    readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Site => site;
    public string Name => "f" + site;

    /// <summary>Nodes of every site can be reached from every front-end: no hop is needed on the way to them.</summary>
    public NodeGate Gate => new(new LocalFrontend(site, _time), ["ssh"]);

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default)
    {
        var run = new ProcessRun(Name, request, _time)
        {
            Words = GetWords(site, request),
            Interruption = request.Terminal ? Interruption.ControlC : Interruption.EndOfInput,
        };
        CommandResult result = await run.RunAsync(onLine, cancellationToken).ConfigureAwait(false);
        return result.ExitStatus == SshFailures.Status && SshFailures.Classify(site, result) is { } failure ? throw failure : result;
    }

    /// <inheritdoc/>
    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        TcpChannel.OpenAsync(host, port, _time, cancellationToken);

    /// <summary>The words of the ssh command; the last one is a line for the shell at the far end.</summary>
    internal static IReadOnlyList<string> GetWords(string site, CommandRequest request)
    {
        string[] environment = ["LC_ALL=C", .. request.Environment.Select(v => $"{v.Key}={v.Value}")];
        string[] command = ["env", .. environment, .. request.Arguments];
        string[] watched = request.Terminal
            ? command
            : ["bash", "-c", Watchdog, "waltg5k", Encoding.UTF8.GetByteCount(request.Input ?? "").ToString(CultureInfo.InvariantCulture), .. command];
        return [.. (string[])["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"], .. (string[])(request.Terminal ? ["-tt"] : []), "--", site, "exec " + PosixShell.Join(watched)];
    }
}
