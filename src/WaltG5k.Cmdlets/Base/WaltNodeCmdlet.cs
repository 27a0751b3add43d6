using System.Management.Automation;
using WaltG5k.Commands;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Base;

/// <summary>A cmdlet that does something short to each of some WalT nodes.</summary>
public abstract class WaltNodeCmdlet : WaltCmdlet
{
    readonly List<WaltNodeRef> _references = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    /// <summary>What ShouldProcess says is done; null: nothing is changed.</summary>
    internal abstract string? Action { get; }

    /// <summary>Whether nodes of other users are meant too. Null: they may be looked at by everybody.</summary>
    internal virtual bool? IsForced => false;

    /// <summary>Nodes at a time.</summary>
    internal virtual int Parallelism => 8;

    /// <summary>Does it to one node; may be called for several at once.</summary>
    internal virtual Task ActAsync(WaltAccess walt, WaltNodeInfo node, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does it to all nodes, by default to several at once; a failure of one is an error, and the others go on.</summary>
    internal virtual Task ActAllAsync(WaltAccess walt, IReadOnlyList<WaltNodeInfo> nodes, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(nodes, options, async (node, token) =>
        {
            try { await ActAsync(walt, node, token).ConfigureAwait(false); }
            catch (G5kException e) { WriteFailure(e); }
        });
    }

    protected override void ProcessRecord() => _references.AddRange(Node);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0) return;
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltNodeInfo> nodes = await walt.ResolveAsync(_references, this, cancellationToken).ConfigureAwait(false);
            if (IsForced is { } force) nodes = await NodeUse.FilterAsync(walt, nodes, this, force, cancellationToken).ConfigureAwait(false);
            List<WaltNodeInfo> accepted = [];
            foreach (WaltNodeInfo node in nodes)
                if (Action is null || await ConfirmAsync(node.Name, Action).ConfigureAwait(false)) accepted.Add(node);
            if (accepted.Count > 0) await ActAllAsync(walt, accepted, cancellationToken).ConfigureAwait(false);
        }
    }
}
