using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Wait-KadeployWorkflow: until operations have ended; tells what became of each node.</summary>
[Cmdlet(VerbsLifecycle.Wait, "KadeployWorkflow")]
[OutputType(typeof(KadeployResult))]
public sealed class WaitKadeployWorkflowCommand : WaitingCmdlet
{
    const int ProgressId = 0x67356b05;
    readonly List<(string Id, string? Site)> _given = [];
    readonly List<(string Id, string Site)> _workflows = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("WorkflowId")]
    [ArgumentCompleter(typeof(WorkflowCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    internal override string JobSubject => string.Join(", ", _workflows.Select(w => w.Id));

    protected override void ProcessRecord() => _given.AddRange(Id.Select(id => (id, Site)));

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        _workflows.AddRange(await KadeployNames.LocateAsync(this, _given, cancellationToken).ConfigureAwait(false));
        return _workflows.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        var grid = new ReportedGrid(Session.Grid, output);
        try { await Task.WhenAll(_workflows.Select(WaitAsync)).ConfigureAwait(false); }
        finally { output.Progress(new ProgressUpdate(ProgressId, "Waiting for Kadeploy", "Done") { Completed = true }); }

        async Task WaitAsync((string Id, string Site) workflow)
        {
            try
            {
                var known = new KadeployWorkflows(grid.GetFrontend(workflow.Site), grid.Time);
                foreach (KadeployResult result in await known.WaitAsync(workflow.Id, Timeout, Show, cancellationToken).ConfigureAwait(false))
                    output.Write(result);
            }
            catch (G5kException e) { output.WriteError(Errors.From(e)); }
        }

        void Show(KadeployWorkflow workflow)
        {
            KadeployNames.Remember(Session, workflow);
            int over = workflow.OkNodes.Count + workflow.KoNodes.Count;
            output.Progress(new ProgressUpdate(ProgressId, "Waiting for Kadeploy",
                FormattableString.Invariant($"{workflow.Id}: {over} of {workflow.Nodes.Count} nodes are through, {workflow.KoNodes.Count} failed"))
            {
                Percent = workflow.Nodes.Count == 0 ? -1 : over * 100 / workflow.Nodes.Count,
            });
        }
    }
}
