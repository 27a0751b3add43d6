using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Enter-OarJob: a shell in a running job, or in a new one that ends with it.</summary>
[Cmdlet(VerbsCommon.Enter, "OarJob", SupportsShouldProcess = true, DefaultParameterSetName = NewSet)]
[OutputType(typeof(void))]
public sealed class EnterOarJobCommand : G5kCmdlet
{
    const string NewSet = "New", JobSet = "Job";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = JobSet)]
    [Alias("JobId")]
    [OarJobConversion(AllowsNumbers = true, IsSingle = true)]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef? Id { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    [Parameter(ParameterSetName = NewSet)]
    [Alias("Nodes")]
    [ValidateRange(1, 100_000)]
    public int? NodeCount { get; set; }

    [Parameter(ParameterSetName = NewSet)]
    [Alias("Cores")]
    [ValidateRange(1, 1_000_000)]
    public int? CoreCount { get; set; }

    [Parameter(ParameterSetName = NewSet)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Cluster { get; set; } = [];

    [Parameter(ParameterSetName = NewSet)]
    public string? Property { get; set; }

    [Parameter(ParameterSetName = NewSet)]
    [WalltimeConversion]
    public Walltime Walltime { get; set; } = new(TimeSpan.FromHours(1));

    [Parameter(ParameterSetName = NewSet)]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    public string[] Type { get; set; } = [];

    [Parameter(ParameterSetName = NewSet)]
    [ArgumentCompleter(typeof(QueueCompleter))]
    public string? Queue { get; set; }

    [Parameter(ParameterSetName = NewSet)]
    public string? Project { get; set; }

    [Parameter(ParameterSetName = NewSet)]
    public string? Name { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (Id is null)
        {
            await EnterNewAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        try { await EnterRunningAsync(Id, cancellationToken).ConfigureAwait(false); }
        catch (G5kException e) { WriteFailure(e); }
    }

    async Task EnterNewAsync(CancellationToken cancellationToken)
    {
        string site = await OarAccess.FindSiteAsync(this, Site, cancellationToken).ConfigureAwait(false) ?? throw Failures.SiteMissing();
        CommandRequest command = OarClient.GetInteractiveCommand(ToRequest());
        if (!await ConfirmAsync($"site {site}", command.ToString()).ConfigureAwait(false)) return;
        await RunAsync(site, command, cancellationToken).ConfigureAwait(false);
    }

    async Task EnterRunningAsync(OarJobRef given, CancellationToken cancellationToken)
    {
        IReadOnlyList<OarJobRef> located = await OarAccess.LocateAsync(this, [given], Site, cancellationToken).ConfigureAwait(false);
        if (located.Count == 0) return;
        OarJobRef reference = located[0];
        OarJob job = await OarAccess.GetAsync(this, reference, cancellationToken).ConfigureAwait(false);
        if (job.Owner != Grid.User) throw Failures.NotJobOwner(job);
        if (job.State != OarJobState.Running) throw Failures.JobNotInState(job, "entered");
        CommandRequest command = OarClient.GetConnectCommand(job.Id);
        if (await ConfirmAsync($"job {reference}", command.ToString()).ConfigureAwait(false))
            await RunAsync(job.Site, command, cancellationToken).ConfigureAwait(false);
    }

    async Task RunAsync(string site, CommandRequest command, CancellationToken cancellationToken)
    {
        HostTerminal terminal = await HostTerminal.OpenAsync(this).ConfigureAwait(false);
        int status = await Grid.GetFrontend(site).RunInteractiveAsync(command, terminal, cancellationToken).ConfigureAwait(false);
        if (status != 0) Post(() => WriteWarning(FormattableString.Invariant($"'{command}' at {site} ended with status {status}.")));
    }

    OarJobRequest ToRequest() => new()
    {
        Resources = new OarResourceWish { NodeCount = NodeCount, CoreCount = CoreCount, Clusters = Cluster, Filter = Property }.ToResources(),
        Walltime = Walltime,
        Types = Type,
        Queue = Queue,
        Project = Project,
        Name = Name,
    };
}
