using WaltG5k.Core.Frontends;

namespace WaltG5k.Base;

/// <summary>The grid of a session that knows one WalT server and no Grid'5000.</summary>
internal sealed class StandaloneGrid : IGrid
{
    static readonly Uri s_api = new("https://api.grid5000.fr/stable/");

    public string Name => "walt";
    public string User => Environment.UserName;
    public string? LocalSite => null;
    public string HomeDirectory { get; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
    public TimeProvider Time => TimeProvider.System;
    /// <summary>The public reference data, for whoever asks.</summary>
    public HttpClient Api { get; } = new() { BaseAddress = s_api, Timeout = TimeSpan.FromSeconds(30) };
    public IReadOnlyList<string> ConnectArguments => [];

    /// <exception cref="Core.G5kException"><c>NotOnGrid5000</c>.</exception>
    public IFrontend GetFrontend(string site) => throw Failures.NotOnGrid5000(site);

    public ValueTask DisposeAsync()
    {
        Api.Dispose();
        return ValueTask.CompletedTask;
    }
}
