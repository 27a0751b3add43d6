using System.Management.Automation;
using System.Net;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Parameters;
using WaltG5k.Testbed;

namespace WaltG5k.Commands;

/// <summary>Connect-G5k: the embedded testbed, the front-end that this is, or front-ends over ssh.</summary>
[Cmdlet(VerbsCommunications.Connect, "G5k", DefaultParameterSetName = AutomaticSet)]
[OutputType(typeof(G5kSession))]
public sealed class ConnectG5kCommand : AsyncCmdlet
{
    const string AutomaticSet = "Automatic", TestbedSet = "Testbed", LocalSet = "Local", SshSet = "Ssh";

    [Parameter(Mandatory = true, ParameterSetName = TestbedSet)]
    public SwitchParameter Testbed { get; set; }

    [Parameter(ParameterSetName = TestbedSet)]
    [ValidateRange(0.0, 1e6)]
    public double Speed { get; set; } = 60;

    [Parameter(ParameterSetName = TestbedSet)]
    public int Seed { get; set; } = 1;

    [Parameter(ParameterSetName = TestbedSet)]
    public string[] Fault { get; set; } = [];

    [Parameter(ParameterSetName = TestbedSet)]
    public string? StatePath { get; set; }

    [Parameter(ParameterSetName = TestbedSet)]
    public SwitchParameter Fresh { get; set; }

    [Parameter(ParameterSetName = TestbedSet)]
    [Alias("NodeCount")]
    [ValidateRange(0, 1_000_000)]
    public int MinNodes { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = LocalSet)]
    public SwitchParameter Local { get; set; }

    [Parameter(ParameterSetName = LocalSet)]
    [Parameter(Mandatory = true, ParameterSetName = SshSet)]
    [NameListConversion]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter(ParameterSetName = SshSet)]
    public string? UserName { get; set; }

    [Parameter(ParameterSetName = SshSet)]
    public string? Gateway { get; set; }

    [Parameter(ParameterSetName = SshSet)]
    public string? SshConfig { get; set; }

    [Parameter(ParameterSetName = SshSet)]
    [SiteMapConversion]
    public SiteMap? Destination { get; set; }

    [Parameter(ParameterSetName = SshSet)]
    public Uri? ApiUri { get; set; }

    [Parameter(ParameterSetName = SshSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    [Parameter(ParameterSetName = SshSet)]
    [SiteMapConversion]
    public SiteMap? OarApi { get; set; }

    [Parameter(ParameterSetName = SshSet)]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    [Parameter]
    public SwitchParameter Force { get; set; }

    G5kSession? _former;
    string? _statePath, _sshConfig;

    protected override void Prepare()
    {
        _former = CurrentSession.Value;
        if (!Force && _former is { ActiveRuns: { Count: > 0 } runs })
            throw new TerminatingErrorException(Errors.From(Failures.DeploymentsRunning([.. runs.Select(r => r.Id)])));
        _statePath = StatePath is null ? null : GetUnresolvedProviderPathFromPSPath(StatePath);
        _sshConfig = SshConfig is null ? null : GetUnresolvedProviderPathFromPSPath(SshConfig);
    }

    protected override ErrorRecord ToErrorRecord(Exception exception) => Errors.From(exception);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_former is not null) await _former.CloseAsync().ConfigureAwait(false);
        G5kSession session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        session.Track(LearnNamesAsync(session), waitAtExit: false);
        Post(() =>
        {
            CurrentSession.Value = session;
            WriteObject(session);
        });
    }

    Task<G5kSession> OpenAsync(CancellationToken cancellationToken) => ParameterSetName switch
    {
        TestbedSet => SessionOpener.OpenTestbedAsync(new TestbedOptions
        {
            Speed = Speed,
            Seed = Seed,
            Faults = Fault,
            StatePath = _statePath,
            Fresh = Fresh,
            NodeCount = MinNodes,
        }, cancellationToken),
        SshSet => SshSessionOpener.OpenAsync(GetSshOptions(), Timeout, WriteFailure, cancellationToken),
        _ => SessionOpener.OpenLocalAsync(Site.Length > 1 ? throw Failures.OneFrontendOnly(Site) : Site.FirstOrDefault(), cancellationToken),
    };

    SshGridOptions GetSshOptions() => new()
    {
        Sites = [.. Site.Distinct(StringComparer.Ordinal)],
        UserName = UserName,
        Gateway = Gateway,
        SshConfig = _sshConfig,
        Destinations = Destination?.BySite ?? new Dictionary<string, string>(),
        Api = ApiUri,
        ApiCredential = Credential is null ? null : new NetworkCredential(Credential.UserName, Credential.Password),
        OarApis = (OarApi?.BySite ?? new Dictionary<string, string>()).ToDictionary(p => p.Key, p => new Uri(p.Value, UriKind.RelativeOrAbsolute)),
    };

    void WriteFailure(G5kException failure)
    {
        ErrorRecord record = Errors.From(failure);
        Post(() => WriteError(record));
    }

    /// <summary>Fills the completion cache behind the prompt.</summary>
    static async Task LearnNamesAsync(G5kSession session)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var api = new Grid5000Client(session.Grid);
        var names = new NameCache(session.Name);
        try
        {
            List<SiteInfo> sites = [];
            List<ClusterInfo> clusters = [];
            await foreach (SiteInfo site in api.GetSitesAsync(limit.Token).ConfigureAwait(false)) sites.Add(site);
            foreach (SiteInfo site in sites)
                await foreach (ClusterInfo cluster in api.GetClustersAsync(site.Name, limit.Token).ConfigureAwait(false)) clusters.Add(cluster);
            names.Add(sites);
            names.Add(clusters);
        }
        catch (Exception e) when (e is G5kException or HttpRequestException or OperationCanceledException or ObjectDisposedException) { /* completion knows less */ }
    }
}
