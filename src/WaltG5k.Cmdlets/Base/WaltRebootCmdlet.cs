using System.Management.Automation;
using WaltG5k.Commands;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Base;

/// <summary>A cmdlet that ends in a boot of WalT nodes, and passes them on rather than the story of the boot.</summary>
public abstract class WaltRebootCmdlet : WaltWaitingCmdlet
{
    const int ProgressId = 0x67356b0d;
    readonly List<WaltNodeRef> _references = [];
    readonly List<WaltNodeInfo> _nodes = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    /// <summary>Wait until the nodes have booted.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>For one boot of one node.</summary>
    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(7);

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int ThrottleLimit { get; set; } = 256;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal abstract string Action { get; }

    /// <summary>Which of the nodes it can be done to; an error is written for each of the others.</summary>
    internal abstract Task<IReadOnlyList<WaltNodeInfo>> ChooseAsync(WaltAccess walt, IReadOnlyList<WaltNodeInfo> nodes,
        CancellationToken cancellationToken);

    /// <summary>What to boot: one request for each image.</summary>
    internal abstract Task<IReadOnlyList<WaltBootRequest>> PlanAsync(WaltServer server, IReadOnlyList<string> nodes,
        CancellationToken cancellationToken);

    internal override string JobSubject => _Format.Nodes(_nodes.Select(n => n.Name));

    protected override void ProcessRecord() => _references.AddRange(Node);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0) return false;
        FindWalt();
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltNodeInfo> known = await walt.ResolveAsync(_references, this, cancellationToken).ConfigureAwait(false);
            foreach (WaltNodeInfo node in await ChooseAsync(walt, known, cancellationToken).ConfigureAwait(false))
                if (await ConfirmAsync(node.Name, Action).ConfigureAwait(false)) _nodes.Add(node);
        }
        return _nodes.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            int done = 0;
            try
            {
                IReadOnlyList<WaltBootRequest> requests = await PlanAsync(walt.Server, [.. _nodes.Select(n => n.Name)], cancellationToken)
                    .ConfigureAwait(false);
                await Task.WhenAll(requests.Select(async request =>
                {
                    WaltBootRequest whole = request with { Wait = Wait, Timeout = Timeout, ThrottleLimit = ThrottleLimit };
                    await foreach (WaltBootResult result in new WaltBootDriver(walt.Server, walt.SiteOf).BootAsync(whole, cancellationToken)
                        .ConfigureAwait(false))
                    {
                        Tell(output, result);
                        int count = Interlocked.Increment(ref done);
                        output.Progress(new ProgressUpdate(ProgressId, Action,
                            $"{count} of {_nodes.Count} nodes done") { Percent = count * 100 / _nodes.Count });
                    }
                })).ConfigureAwait(false);
            }
            finally { output.Progress(new ProgressUpdate(ProgressId, Action, "Done") { Completed = true }); }
        }
    }

    void Tell(IOutput output, WaltBootResult result)
    {
        if (result.Error is { } error) output.WriteError(Errors.From(error));
        else if (PassThru) output.Write(_nodes.Find(n => n.Name == result.Node)! with { IsBooted = result.IsBooted });
    }
}
