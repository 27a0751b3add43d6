namespace WaltG5k.Core.Frontends;

/// <summary>
/// This machine as the place where ssh to nodes is run, over the first shared connection of a front-end, which it opens when need be.
/// </summary>
sealed class SshGate(SshFrontend frontend, SshMasterPool pool, string? config, TimeProvider time) : IFrontend
{
    readonly LocalFrontend _machine = new(frontend.Site, time);

    public string Site => frontend.Site;
    public string Name => frontend.Name;

    public NodeGate Gate => new(this, ["ssh", .. (string[])(config is null ? [] : ["-F", config]), "-o", $"ProxyCommand={Proxy}"]);

    /// <summary>ssh fills in the host and the port; a per cent sign of our own is doubled for it.</summary>
    string Proxy => PosixShell.Join([.. SshProcess.Shared(pool.FirstSocket), "-o", "LogLevel=ERROR"]).Replace("%", "%%", StringComparison.Ordinal)
        + $" -W [%h]:%p -- {SshProcess.AnyHost}";

    public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        await pool.GetFirstAsync(cancellationToken).ConfigureAwait(false);
        return await _machine.RunAsync(request, onLine, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IRunningProgram?> StartAsync(CommandRequest request, CancellationToken cancellationToken = default)
    {
        await pool.GetFirstAsync(cancellationToken).ConfigureAwait(false);
        return await _machine.StartAsync(request, cancellationToken).ConfigureAwait(false);
    }

    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        frontend.ConnectAsync(host, port, cancellationToken);

    public async Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default)
    {
        await pool.GetFirstAsync(cancellationToken).ConfigureAwait(false);
        return await _machine.RunInteractiveAsync(request, terminal, cancellationToken).ConfigureAwait(false);
    }
}
