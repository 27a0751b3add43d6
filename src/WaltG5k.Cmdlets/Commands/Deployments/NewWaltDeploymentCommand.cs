using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Recipes;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>New-WaltDeployment: a WalT platform from a recipe, from a reservation, or from parameters.</summary>
[Cmdlet(VerbsCommon.New, "WaltDeployment", SupportsShouldProcess = true, DefaultParameterSetName = RequestSet)]
[OutputType(typeof(DeploymentInfo))]
public sealed class NewWaltDeploymentCommand : ReservationRequestCmdlet
{
    const string RecipeSet = "Recipe", ReservationSet = "Reservation";
    readonly List<ReservationRef> _references = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ReservationSet)]
    [ReservationConversion]
    [ArgumentCompleter(typeof(ReservationCompleter))]
    public ReservationRef[] Reservation { get; set; } = [];

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RecipeSet)]
    [RecipeConversion]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    public RecipeRef[] Recipe { get; set; } = [];

    [Parameter(ParameterSetName = RequestSet)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter(ParameterSetName = RequestSet)]
    [Alias("Nodes")]
    [NodeCountConversion]
    public NodeCounts NodeCount { get; set; } = new(1);

    [Parameter(ParameterSetName = RequestSet)]
    [StartConversion]
    public ReservationStart Start { get; set; } = ReservationStart.Now;

    [Parameter(ParameterSetName = RequestSet)]
    public string? Name { get; set; }

    [Parameter(ParameterSetName = RequestSet)]
    public string? SaveRecipe { get; set; }

    [Parameter]
    public ServerInstallation Installation { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(ServerEnvironmentCompleter))]
    public string? Environment { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string Image { get; set; } = "pc-x86-64-default";

    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? MinNodes { get; set; }

    [Parameter]
    public SwitchParameter KeepOnFailure { get; set; }

    [Parameter]
    public SwitchParameter Unattended { get; set; }

    protected override void ProcessRecord() => _references.AddRange(Reservation);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        // An upstream that wrote nothing, such as New-G5kReservation -WhatIf, leaves nothing to do.
        if (ParameterSetName == RequestSet && Site.Length == 0 && NodeCount.BySite.Count == 0)
        {
            if (MyInvocation.ExpectingInput) return;
            throw Failures.SiteMissing();
        }
        if (ParameterSetName == ReservationSet)
            foreach (ReservationRef reference in _references)
                await DeployAsync(new DeploymentRequest { Reservation = await ReservationMemory.FindAsync(this, reference, cancellationToken)
                    .ConfigureAwait(false) }, cancellationToken).ConfigureAwait(false);
        else if (ParameterSetName == RecipeSet)
            foreach (RecipeRef reference in Recipe)
                await DeployAsync(new DeploymentRequest { Recipe = RecipeChanges.Find(this, reference) }, cancellationToken).ConfigureAwait(false);
        else await DeployAsync(new DeploymentRequest { Reserve = ToReservation() }, cancellationToken).ConfigureAwait(false);
    }

    async Task DeployAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        using IDisposable listening = Session.Relay.Attach(this);
        // The engine goes on when this cmdlet is over: it reports to the session.
        var service = new DeploymentService(new ReportedGrid(Session.Grid, Session.Relay), Session.Relay);
        DeploymentPlan plan = await service.PlanAsync(Complete(request), cancellationToken).ConfigureAwait(false);
        TellStart(plan.Reservation);
        string description = PlanText.Describe(plan);
        if (!await AskAsync(() => ShouldProcess(description, $"{description}\nDeploy it?", "WalT deployment")).ConfigureAwait(false)) return;
        if (SaveRecipe is { } name) Recipes.Save(ToRecipe(name), overwrite: false);
        DeploymentRun run = await service.StartAsync(plan, cancellationToken).ConfigureAwait(false);
        Session.Add(run);
        Own(run.CancelAsync);
        Write(Unattended ? await HandOverAsync(run, cancellationToken).ConfigureAwait(false) : service.Get(run.Id));
    }

    /// <summary>This process only reserves; the main job goes on from there.</summary>
    static async Task<DeploymentInfo> HandOverAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        DeploymentInfo info = await run.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        return info.Findings.LastOrDefault(f => f.Severity == FindingSeverity.Error) is { } cause ? throw Failures.FromFinding(cause) : info;
    }

    DeploymentRequest Complete(DeploymentRequest request) => request with
    {
        Installation = Installation,
        ServerEnvironment = Environment,
        Image = Image,
        MinNodes = MinNodes,
        KeepOnFailure = KeepOnFailure,
        Unattended = Unattended,
        ResumeCommand = Unattended ? ResumeCommandLine.Build(Session.Grid.ConnectArguments) : [],
    };

    ReservationRequest ToReservation() =>
        ToRequest(PlatformSites.Counts(Site, NodeCount), PlatformSites.Server(ServerSite, Site, NodeCount)) with { Name = Name, Start = Start };

    WaltRecipe ToRecipe(string name) => new()
    {
        Name = name,
        NodeCounts = PlatformSites.Counts(Site, NodeCount),
        ServerSite = PlatformSites.Server(ServerSite, Site, NodeCount),
        Schedule = Start.IsNight ? RecipeSchedule.Night : RecipeSchedule.Asap,
        Walltime = Walltime,
    };
}
