using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Get-KadeployWorkflow: the operations that Kadeploy's servers know.</summary>
[Cmdlet(VerbsCommon.Get, "KadeployWorkflow")]
[OutputType(typeof(KadeployWorkflow))]
public sealed class GetKadeployWorkflowCommand : G5kCmdlet
{
    readonly List<string> _ids = [];
    bool _isAsked;

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("WorkflowId")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(WorkflowCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    public KadeployOperation? Operation { get; set; }

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string[] User { get; set; } = [];

    protected override void ProcessRecord()
    {
        // An empty pipeline asks for nothing, not for everything.
        _isAsked = true;
        _ids.AddRange(Id);
    }

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!_isAsked) return;
        NameFilter ids = new(_ids), users = new(User.Select(u => u.Equals("me", StringComparison.OrdinalIgnoreCase) ? Session.User : u));
        IReadOnlyList<string> sites = await OarAccess.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false);
        await OarAccess.AtEachSiteAsync(this, sites, async (site, token) =>
        {
            foreach (KadeployWorkflow workflow in await new KadeployWorkflows(Grid.GetFrontend(site), Grid.Time).GetAsync(Operation, token)
                .ConfigureAwait(false))
            {
                bool isWanted;
                lock (ids) isWanted = ids.Matches(workflow.Id) && users.Matches(workflow.User);
                if (isWanted) Show(workflow);
            }
        }, cancellationToken).ConfigureAwait(false);
        foreach (string id in ids.Unmatched) WriteFailure(Failures.WorkflowNotFound(id));
    }

    void Show(KadeployWorkflow workflow)
    {
        KadeployNames.Remember(Session, workflow);
        Write(workflow);
    }
}
