using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Base;

/// <summary>A grid whose commands and channels are told to a reporter: what -Verbose shows. It owns nothing.</summary>
internal sealed class ReportedGrid(IGrid inner, IReporter reporter) : IGrid
{
    public string Name => inner.Name;
    public string User => inner.User;
    public string? LocalSite => inner.LocalSite;
    public string HomeDirectory => inner.HomeDirectory;
    public TimeProvider Time => inner.Time;
    public HttpClient Api => inner.Api;
    public IReadOnlyList<string> ConnectArguments => inner.ConnectArguments;
    public IFrontend GetFrontend(string site) => new ReportedFrontend(inner.GetFrontend(site), reporter, inner.Time);
    /// <summary>The connection belongs to the session.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    sealed class ReportedFrontend(IFrontend inner, IReporter reporter, TimeProvider time) : IFrontend
    {
        public string Site => inner.Site;
        public string Name => inner.Name;

        public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine, CancellationToken cancellationToken)
        {
            reporter.Verbose($"{inner.Name}: {request}");
            if (request is { Input.Length: > 0, InputIsSecret: false }) reporter.Verbose($"{inner.Name}: standard input: {request.Input.TrimEnd()}");
            CommandResult result = await inner.RunAsync(request, onLine, cancellationToken).ConfigureAwait(false);
            reporter.Verbose(FormattableString.Invariant($"{inner.Name}: {request.Program} ended with status {result.ExitStatus} after {result.Duration.TotalSeconds:0.0} s"));
            return result;
        }

        public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
        {
            long start = time.GetTimestamp();
            Stream stream = await inner.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            reporter.Verbose(FormattableString.Invariant($"{inner.Name}: opened {host}:{port} after {time.GetElapsedTime(start).TotalSeconds:0.0} s"));
            return stream;
        }
    }
}
