using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.Lab;

/// <summary>The laboratory as one user sees it over ssh.</summary>
sealed class LabGrid : IGrid
{
    readonly OarLab _lab;
    readonly bool _rest;
    /// <summary>sshd takes ten logins at a time.</summary>
    readonly SemaphoreSlim _logins = new(8);

    public LabGrid(OarLab lab, string user, bool rest, string home)
    {
        _lab = lab;
        _rest = rest;
        User = user;
        HomeDirectory = home;
        Api = new HttpClient { BaseAddress = lab.Api };
    }

    public string Name => "laboratory";
    public string User { get; }
    public string? LocalSite => null;
    public string HomeDirectory { get; }
    public TimeProvider Time => TimeProvider.System;
    public HttpClient Api { get; }
    public IReadOnlyList<string> ConnectArguments => [];

    public IFrontend GetFrontend(string site) => new Frontend(_lab, site, User, _logins);

    public HttpClient? GetOarApi(string site)
    {
        if (!_rest) return null;
        var client = new HttpClient { BaseAddress = _lab.GetOarApi(site) };
        client.DefaultRequestHeaders.Add("X-Remote-Ident", User);
        return client;
    }

    public ValueTask DisposeAsync()
    {
        Api.Dispose();
        _logins.Dispose();
        return ValueTask.CompletedTask;
    }

    sealed class Frontend(OarLab lab, string site, string user, SemaphoreSlim logins) : IFrontend
    {
        readonly LocalFrontend _local = new(site);

        public string Site => site;
        public string Name => "f" + site;

        public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default)
        {
            await logins.WaitAsync(cancellationToken);
            try
            {
                string[] words = ["ssh", "-F", lab.SshConfig, "-o", "BatchMode=yes", "-l", user, request.Terminal ? "-tt" : "-T", "--", site, request.ToString()];
                return await _local.RunAsync(new CommandRequest(words) { Timeout = request.Timeout, Input = request.Input }, onLine, cancellationToken);
            }
            finally
            {
                logins.Release();
            }
        }

        public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) => _local.ConnectAsync(host, port, cancellationToken);
    }
}
