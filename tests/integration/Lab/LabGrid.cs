using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;

namespace WaltG5k.IntegrationTests.Lab;

/// <summary>The laboratory as one user sees it over ssh.</summary>
sealed class LabGrid : IGrid
{
    readonly OarLab _lab;

    public LabGrid(OarLab lab, string user, string home)
    {
        _lab = lab;
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

    public IFrontend GetFrontend(string site) => new Frontend(_lab, site, User);

    public OarClient Oar(string site) => OarClient.For(this, site);

    public ValueTask DisposeAsync()
    {
        Api.Dispose();
        return ValueTask.CompletedTask;
    }

    sealed class Frontend(OarLab lab, string site, string user) : IFrontend
    {
        readonly LocalFrontend _local = new(site);

        public string Site => site;
        public string Name => "f" + site;

        public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default) =>
            _local.RunAsync(new CommandRequest("ssh", "-F", lab.SshConfig, "-o", "BatchMode=yes", "-l", user, "--", site, request.ToString())
            {
                Timeout = request.Timeout,
                Input = request.Input,
            }, onLine, cancellationToken);

        public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) => _local.ConnectAsync(host, port, cancellationToken);
    }
}
