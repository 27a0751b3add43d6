using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Reservations;

/// <summary>A grid in which some commands of the front-ends fare differently.</summary>
sealed class AlteredGrid(IGrid inner, Func<IFrontend, CommandRequest, Action<OutputLine>?, CancellationToken, Task<CommandResult>> run) : IGrid
{
    public string Name => inner.Name;
    public string User => inner.User;
    public string? LocalSite => inner.LocalSite;
    public string HomeDirectory => inner.HomeDirectory;
    public TimeProvider Time => inner.Time;
    public HttpClient Api => inner.Api;
    public IReadOnlyList<string> ConnectArguments => inner.ConnectArguments;
    public IFrontend GetFrontend(string site) => new Frontend(inner.GetFrontend(site), run);
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    sealed class Frontend(IFrontend frontend, Func<IFrontend, CommandRequest, Action<OutputLine>?, CancellationToken, Task<CommandResult>> run)
        : IFrontend
    {
        public string Site => frontend.Site;
        public string Name => frontend.Name;
        public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
            CancellationToken cancellationToken = default) =>
            run(frontend, request, onLine, cancellationToken);
        public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
            frontend.ConnectAsync(host, port, cancellationToken);
    }
}
