using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// A front-end reached with the user's own OpenSSH: logins are few and shared, a cancelled command dies at the far end, and ssh's failures are told
/// from the command's.
/// </summary>
public sealed class SshFrontend : IFrontend, IAsyncDisposable
{
    /// <summary>A command that had no session on one connection is tried on others; it has not begun then.</summary>
    const int Attempts = 4;

    readonly SshTarget _target;
    readonly TimeProvider _time;
    readonly SshMasterPool _pool;
    readonly SshGate _gate;

    internal SshFrontend(string site, SshTarget target, ControlFolder folder, TimeProvider time)
    {
        Site = site;
        _target = target;
        _time = time;
        _pool = new SshMasterPool(site, target, folder, time);
        _gate = new SshGate(this, _pool, target.Config, time);
    }

    public string Site { get; }
    public string Name => "f" + Site;

    /// <summary>What a user would type after <c>ssh</c> to come there.</summary>
    public string Destination => _target.ToString();

    /// <summary>Logins that are open now.</summary>
    internal int MasterCount => _pool.Count;

    /// <inheritdoc/>
    /// <remarks>The runner is this machine: ssh goes to each node through the one connection to the front-end.</remarks>
    public NodeGate Gate => _gate.Gate;

    /// <summary>Logs in, if that has not been done.</summary>
    /// <exception cref="FrontendUnreachableException">With the reason that ssh gave.</exception>
    public Task OpenAsync(CancellationToken cancellationToken = default) => _pool.GetFirstAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        for (int attempt = 1; ; attempt++)
        {
            using SshLease lease = await _pool.TakeAsync(cancellationToken).ConfigureAwait(false);
            var command = RemoteCommand.Create(request);
            var run = new ProcessRun(Name, request, _time)
            {
                Words = [.. SshProcess.Shared(lease.Master.Socket), request.Terminal ? "-tt" : "-T", "--", SshProcess.AnyHost, command.Line],
                Input = command.Input,
                Filter = command.Output,
                Interruption = request.Terminal ? Interruption.ControlC : Interruption.EndOfInput,
            };
            CommandResult result = await run.RunAsync(onLine, cancellationToken).ConfigureAwait(false);
            if (result.ExitStatus != SshFailures.Status || command.Output.Status == SshFailures.Status) return result;
            string said = command.Output.Preamble;
            if (command.Output.IsStarted || !SshProcess.IsNotOpened(said) || attempt == Attempts) throw Lost(command, result);
            lease.GiveUp(SshProcess.IsFull(said));
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        SshMaster master = await _pool.GetFirstAsync(cancellationToken).ConfigureAwait(false);
        return await SshChannel.OpenAsync(this, master, host, port, _time, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using SshLease lease = await _pool.TakeAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> ssh = [.. SshProcess.Shared(lease.Master.Socket), "-o", "LogLevel=ERROR", "-tt", "--", SshProcess.AnyHost];
        int status = await TerminalRun.RunRemoteAsync(ssh, request, _time, cancellationToken).ConfigureAwait(false);
        bool isLost = status == SshFailures.Status && lease.Master.Ended.IsCompleted;
        return isLost ? throw SshFailures.Make(SshFailureReason.ConnectionLost, Site, Destination, lease.Master.Log.LastLine) : status;
    }

    /// <summary>Logs out; commands that still run are ended.</summary>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    FrontendUnreachableException Lost(RemoteCommand command, CommandResult result) =>
        command.Output.IsStarted || !SshProcess.IsNotOpened(command.Output.Preamble)
        ? SshFailures.Make(SshFailureReason.ConnectionLost, Site, Destination,
        command.Output.IsStarted ? result.LastLines(2) : command.Output.Preamble.Trim())
        : SshFailures.Make(SshFailureReason.GatewayBusy, Site, Destination, "It offers no session for this command.");
}
