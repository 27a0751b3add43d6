using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// The front-end of another site, reached by ssh from the one that this machine is: inside Grid'5000 a site's name is the host name of its front-end,
/// and all hosts can be reached from everywhere. A cancelled command dies at the far end too.
/// </summary>
public sealed class HopFrontend(string site, TimeProvider? time = null) : IFrontend
{
    static readonly string[] s_ssh = ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];

    readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Site => site;
    public string Name => "f" + site;

    /// <summary>Nodes of every site can be reached from every front-end: no hop is needed on the way to them.</summary>
    public NodeGate Gate => new(new LocalFrontend(site, _time), ["ssh"]);

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        var command = RemoteCommand.Create(request);
        var run = new ProcessRun(Name, request, _time)
        {
            Words = [.. s_ssh, .. (string[])(request.Terminal ? ["-tt"] : []), "--", site, command.Line],
            Input = command.Input,
            Filter = command.Output,
            Interruption = request.Terminal ? Interruption.ControlC : Interruption.EndOfInput,
        };
        CommandResult result = await run.RunAsync(onLine, cancellationToken).ConfigureAwait(false);
        return result.ExitStatus != SshFailures.Status || command.Output.Status == SshFailures.Status
            ? result
            : throw SshFailures.OfCommand(site, site, command, result);
    }

    /// <inheritdoc/>
    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        TcpChannel.OpenAsync(host, port, _time, cancellationToken);

    /// <inheritdoc/>
    public Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default) =>
        TerminalRun.RunRemoteAsync([.. s_ssh, "-tt", "--", site], request, _time, cancellationToken);
}
