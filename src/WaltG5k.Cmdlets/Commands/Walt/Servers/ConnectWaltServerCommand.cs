using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Frontends.Ssh;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Connect-WaltServer: makes any WalT server the one that the WalT cmdlets of this session work on.</summary>
[Cmdlet(VerbsCommunications.Connect, "WaltServer", DefaultParameterSetName = SiteSet)]
[OutputType(typeof(WaltConnection))]
public sealed class ConnectWaltServerCommand : AsyncCmdlet, IOutput
{
    const string SiteSet = "Site", SshSet = "Ssh";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Server", "HostName")]
    [ValidateNotNullOrEmpty]
    public string ComputerName { get; set; } = "";

    [Parameter(ParameterSetName = SiteSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ServerSite")]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = SshSet)]
    [ValidateNotNullOrEmpty]
    public string? ThroughSsh { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    [Parameter]
    public G5kSession? Connection { get; set; }

    G5kSession? _current;

    protected override void Prepare() => _current = Connection ?? CurrentSession.Value;

    protected override ErrorRecord ToErrorRecord(Exception exception) => Errors.From(exception);

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        G5kSession session = _current ?? SessionOpener.OpenStandalone(ComputerName);
        try
        {
            WaltConnection connection = await ConnectAsync(session, cancellationToken).ConfigureAwait(false);
            session.WaltConnection = connection;
            bool isNew = _current is null;
            _current = session;
            Post(() =>
            {
                if (isNew) CurrentSession.Value = session;
                WriteObject(connection);
            });
        }
        catch
        {
            if (_current is null) await session.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    async Task<WaltConnection> ConnectAsync(G5kSession session, CancellationToken cancellationToken)
    {
        string host = ComputerName.Trim();
        bool isGrid = session.Grid is not StandaloneGrid;
        string user = UserName ?? (isGrid && ThroughSsh is null ? WaltServer.DefaultUser : session.User);
        TimeProvider time = session.Grid.Time;
        IFrontend frontend = FindFrontend(session, host);
        WaltServer Open(IReporter reporter)
        {
            WaltServer server = new(new RecordingFrontend(frontend, reporter, time), host, user, time,
                reporter) { HasNewHostKeys = isGrid && ThroughSsh is null };
            server.UseImageLinks();
            return server;
        }
        WaltServer probe = Open(this);
        await using (probe.ConfigureAwait(false))
        {
            string version = await probe.CheckAsync(cancellationToken).ConfigureAwait(false);
            return new WaltConnection(host, user, version, frontend.Name, time.GetUtcNow(), Open);
        }
    }

    /// <summary>From where the server is reached: what was said, else what its name tells, else from here.</summary>
    IFrontend FindFrontend(G5kSession session, string host)
    {
        if (ThroughSsh is not null) return new GateFrontend(ThroughSsh, session.Grid.Time);
        if (session.Grid is StandaloneGrid && Site is null) return new LocalFrontend("", session.Grid.Time);
        string? site = Site ?? LocalGrid.FindSite(host) ?? session.Grid.LocalSite;
        return session.Grid.GetFrontend(site ?? throw Failures.ServerSiteMissing(host));
    }

    void IOutput.Write(object value) => Post(() => WriteObject(value));
    void IOutput.WriteError(ErrorRecord error) => Post(() => WriteError(error));
    void IReporter.Verbose(string message) => Post(() => WriteVerbose(message));
    void IReporter.Warning(string message) => Post(() => WriteWarning(message));
    void IReporter.Progress(ProgressUpdate update) => PostProgress(G5kCmdlet.ToRecord(update));
}
