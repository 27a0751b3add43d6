using System.Management.Automation;
using WaltG5k.Commands;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Base;

/// <summary>A cmdlet that has Kadeploy do something with nodes, at each of their sites at once, and says of each node what became of it.</summary>
public abstract class G5kNodeOperationCmdlet : WaitingCmdlet
{
    const int ProgressId = 0x67356b20;

    readonly List<G5kNodeRef> _references = [];
    readonly List<string> _nodes = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [G5kNodeConversion]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public G5kNodeRef[] Node { get; set; } = [];

    /// <summary>How often the same is tried again with nodes that failed.</summary>
    [Parameter]
    [ValidateRange(0, 20)]
    public int Retries { get; set; }

    /// <summary>Try nodes that still failed a level harder.</summary>
    [Parameter]
    public SwitchParameter Escalate { get; set; }

    /// <summary>For one try.</summary>
    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>Return as soon as Kadeploy has taken the order.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Take nodes away from an operation under way.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override string JobSubject => KadeployNodes.Fold(_nodes);

    /// <summary>Whether a result is written for each node, or only what has failed.</summary>
    internal virtual bool WritesResults => true;

    /// <summary>What ShouldProcess says is done.</summary>
    internal abstract string Action { get; }

    internal abstract IAsyncEnumerable<NodeOperationResult> RunAsync(NodeControl control, IReadOnlyList<string> nodes,
        CancellationToken cancellationToken);

    protected override void ProcessRecord() => _references.AddRange(Node);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        foreach (string node in await NodeLookup.ResolveAsync(this, _references, cancellationToken).ConfigureAwait(false))
            if (await ConfirmAsync(node, Action).ConfigureAwait(false)) _nodes.Add(node);
        return _nodes.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        int done = 0;
        Show();
        try { await Task.WhenAll(_nodes.GroupBy(KadeployNodes.SiteOf).Select(AtSiteAsync)).ConfigureAwait(false); }
        finally { output.Progress(new ProgressUpdate(ProgressId, Action, "Done") { Completed = true }); }

        async Task AtSiteAsync(IGrouping<string, string> site)
        {
            try
            {
                await foreach (NodeOperationResult result in RunAsync(new NodeControl(Grid.GetFrontend(site.Key), Grid.Time), [.. site],
                    cancellationToken).ConfigureAwait(false))
                {
                    if (WritesResults) output.Write(result);
                    if (!result.IsSuccess) output.WriteError(Errors.From(Failures.NodeOperationFailed(result)));
                    Interlocked.Increment(ref done);
                    Show();
                }
            }
            catch (G5kException e) { output.WriteError(Errors.From(e)); }
        }

        void Show() => output.Progress(new ProgressUpdate(ProgressId, Action,
            FormattableString.Invariant($"{done} of {_nodes.Count} nodes done")) { Percent = done * 100 / _nodes.Count });
    }
}
