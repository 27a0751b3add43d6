using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Submit-OarJob: a job, or an array of jobs, at one site.</summary>
[Cmdlet(VerbsLifecycle.Submit, "OarJob", SupportsShouldProcess = true, DefaultParameterSetName = TypedSet)]
[OutputType(typeof(OarJob))]
public sealed partial class SubmitOarJobCommand : OwningCmdlet
{
    const string TypedSet = "Typed", RawSet = "Raw";

    // What runs.

    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Command { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Script { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ScriptPath { get; set; }

    [Parameter]
    public string? WorkingDirectory { get; set; }

    [Parameter]
    public string? OutputFile { get; set; }

    [Parameter]
    public string? ErrorFile { get; set; }

    // On what.

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    [Parameter(ParameterSetName = TypedSet)]
    [Alias("Nodes")]
    [ValidateRange(1, 100_000)]
    public int? NodeCount { get; set; }

    [Parameter(ParameterSetName = TypedSet)]
    [Alias("Cores")]
    [ValidateRange(1, 1_000_000)]
    public int? CoreCount { get; set; }

    [Parameter(ParameterSetName = TypedSet)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Cluster { get; set; } = [];

    [Parameter(ParameterSetName = TypedSet)]
    public string? Property { get; set; }

    [Parameter(ParameterSetName = TypedSet)]
    public VlanKind Vlan { get; set; }

    [Parameter(ParameterSetName = TypedSet)]
    public string[] Subnet { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = RawSet)]
    [ValidateNotNullOrEmpty]
    public string[] ResourceRequest { get; set; } = [];

    [Parameter]
    public string? SqlProperty { get; set; }

    // When, and for how long.

    [Parameter]
    [WalltimeConversion]
    public Walltime Walltime { get; set; } = new(TimeSpan.FromHours(1));

    [Parameter]
    [StartConversion]
    public ReservationStart Start { get; set; } = ReservationStart.Now;

    [Parameter]
    [OarJobConversion(AllowsNumbers = true)]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef[] After { get; set; } = [];

    [Parameter]
    public SwitchParameter Hold { get; set; }

    // As what.

    [Parameter]
    [ArgumentCompleter(typeof(JobTypeCompleter))]
    public string[] Type { get; set; } = [];

    [Parameter]
    public SwitchParameter Deploy { get; set; }

    [Parameter]
    public SwitchParameter BestEffort { get; set; }

    [Parameter]
    public SwitchParameter Noop { get; set; }

    [Parameter]
    public SwitchParameter Container { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ContainerName { get; set; }

    [Parameter]
    [OarJobConversion(AllowsNumbers = true, IsSingle = true)]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef? Inner { get; set; }

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int? ArrayCount { get; set; }

    [Parameter]
    public string[] ArrayParameter { get; set; } = [];

    [Parameter]
    public string? Name { get; set; }

    [Parameter]
    public string? Project { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(QueueCompleter))]
    public string? Queue { get; set; }

    // What it tells, and is told.

    [Parameter]
    public string? Notify { get; set; }

    [Parameter]
    [Alias("Checkpoint")]
    [DurationConversion]
    public TimeSpan? CheckpointBefore { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? Signal { get; set; }

    /// <summary>The file of <see cref="Script"/>; the location is that of the runspace, not of the process.</summary>
    string? _localScript;

    protected override void Prepare()
    {
        base.Prepare();
        _localScript = Script is null ? null : GetUnresolvedProviderPathFromPSPath(Script);
    }

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        CheckCombination();
        string site = await OarAccess.FindSiteAsync(this, Site, cancellationToken).ConfigureAwait(false) ?? throw Failures.SiteMissing();
        OarJobRequest request = ToRequest(site);
        if (!await ConfirmAsync($"site {site}", OarClient.GetCommandLine(request)).ConfigureAwait(false)) return;
        OarClient oar = OarAccess.Oar(this, site);
        if (_localScript is not null)
            request = request with { Command = await CopyScriptAsync(_localScript, site, cancellationToken).ConfigureAwait(false) };
        OarSubmission made = await oar.SubmitAsync(request, null, cancellationToken).ConfigureAwait(false);
        Own(() => Task.WhenAll(made.JobIds.Select(id => oar.DeleteAsync(id, CancellationToken.None))));
        foreach (string remark in made.Remarks) Post(() => WriteVerbose($"OAR at {site}: {remark}"));
        await WriteAsync(oar, request, made, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The jobs as OAR describes them. A question that fails must not hide that they exist.</summary>
    async Task WriteAsync(OarClient oar, OarJobRequest request, OarSubmission made, CancellationToken cancellationToken)
    {
        var left = new List<long>(made.JobIds);
        try
        {
            await foreach (OarJob job in oar.GetJobsAsync(new OarJobQuery { JobIds = made.JobIds }, cancellationToken).ConfigureAwait(false))
            {
                if (left.Remove(job.Id)) Show(job);
            }
        }
        catch (G5kException e) { Post(() => WriteWarning($"The job was submitted, but OAR does not describe it now: {e.Message}")); }
        foreach (long id in left) Show(new OarJob { Site = made.Site, Id = id, State = OarJobState.Unknown, Name = request.Name,
            Types = request.Types, Command = request.Command });
    }

    void Show(OarJob job)
    {
        OarAccess.Remember(Session, job);
        Write(job);
    }
}
