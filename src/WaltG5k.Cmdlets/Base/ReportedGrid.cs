using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Base;

/// <summary>A grid whose commands, channels and requests are told to a reporter: what -Verbose shows. It owns nothing.</summary>
internal sealed class ReportedGrid(IGrid inner, IReporter reporter) : IGrid
{
    public string Name => inner.Name;
    public string User => inner.User;
    public string? LocalSite => inner.LocalSite;
    public IReadOnlyList<string> OwnSites => inner.OwnSites;
    public string HomeDirectory => inner.HomeDirectory;
    public TimeProvider Time => inner.Time;
    public HttpClient Api => inner.Api;
    public void OnApiCall(ApiCallRecord call) => reporter.Verbose(call.ToString());
    public IReadOnlyList<string> ConnectArguments => inner.ConnectArguments;
    public HttpClient? GetOarApi(string site) => inner.GetOarApi(site);
    public IFrontend GetFrontend(string site) => new RecordingFrontend(inner.GetFrontend(site), reporter, inner.Time);
    /// <summary>The connection belongs to the session.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
