using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Stop-KadeployWorkflow: ends operations of Kadeploy before their time.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KadeployWorkflow", SupportsShouldProcess = true)]
[OutputType(typeof(KadeployResult))]
public sealed class StopKadeployWorkflowCommand : G5kCmdlet
{
    readonly List<(string Id, string? Site)> _given = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("WorkflowId")]
    [ArgumentCompleter(typeof(WorkflowCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => _given.AddRange(Id.Select(id => (id, Site)));

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Id, string Site)> located = await KadeployNames.LocateAsync(this, _given, cancellationToken).ConfigureAwait(false);
        await OarAccess.ForEachAsync(this, located, async (workflow, token) =>
        {
            var stop = new KadeployWorkflowStop(Grid, workflow.Site);
            KadeployWorkflow running = await stop.FindAsync(workflow.Id, token).ConfigureAwait(false);
            if (!await ConfirmAsync(Describe(running), "Stop").ConfigureAwait(false)) return;
            IReadOnlyList<KadeployResult> results = await stop.StopAsync(running, token).ConfigureAwait(false);
            foreach (KadeployResult result in PassThru ? results : []) Write(result);
            string[] left = [.. results.Where(r => r.Status == KadeployNodeStatus.Aborted).Select(r => r.Node)];
            if (left.Length > 0) ((IReporter)this)
                .Verbose($"{running.Id} has left {KadeployNodes.Fold(left)} in between: they have no usable system until they are deployed again.");
        }, cancellationToken).ConfigureAwait(false);
    }

    static string Describe(KadeployWorkflow workflow) =>
        $"{workflow.Id}: {workflow.Operation.ToString().ToLowerInvariant()}{(workflow.Environment is { } environment ? $" of {environment}" : "")} on {KadeployNodes.Fold(workflow.Nodes)}";
}
