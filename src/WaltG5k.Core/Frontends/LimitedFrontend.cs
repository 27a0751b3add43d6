namespace WaltG5k.Core.Frontends;

/// <summary>Keeps the number of commands that run at the same time, over all front-ends that share the semaphore, within bounds.</summary>
sealed class LimitedFrontend(IFrontend inner, SemaphoreSlim slots) : IFrontend
{
    public string Site => inner.Site;
    public string Name => inner.Name;

    public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try { return await inner.RunAsync(request, onLine, cancellationToken).ConfigureAwait(false); }
        finally { slots.Release(); }
    }

    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        inner.ConnectAsync(host, port, cancellationToken);

    public NodeGate Gate => inner.Gate is var gate && ReferenceEquals(gate.Runner, inner) ? gate with { Runner = this } : gate;

    /// <summary>Without a slot: a program that is held open for later commands would keep it.</summary>
    public Task<IRunningProgram?> StartAsync(CommandRequest request, CancellationToken cancellationToken = default) =>
        inner.StartAsync(request, cancellationToken);

    public Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default) =>
        inner.RunInteractiveAsync(request, terminal, cancellationToken);
}
