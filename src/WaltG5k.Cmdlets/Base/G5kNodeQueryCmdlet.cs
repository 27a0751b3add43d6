using System.Management.Automation;
using WaltG5k.Commands;
using WaltG5k.Completers;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Base;

/// <summary>A cmdlet that asks Kadeploy about nodes, at each of their sites at once. No nodes: all of the sites that are named.</summary>
public abstract class G5kNodeQueryCmdlet : G5kCmdlet
{
    readonly List<G5kNodeRef> _references = [];

    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [G5kNodeConversion]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public G5kNodeRef[] Node { get; set; } = [];

    [Parameter]
    [NameListConversion]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    /// <summary>Asks one site.</summary>
    /// <param name="nodes">Full names; empty: all.</param>
    internal abstract Task AskAsync(NodeControl control, IReadOnlyList<string> nodes, CancellationToken cancellationToken);

    protected override void ProcessRecord() => _references.AddRange(Node);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> nodes = await NodeLookup.ResolveAsync(this, _references, cancellationToken).ConfigureAwait(false);
        if (nodes.Count == 0 && (_references.Count > 0 || MyInvocation.ExpectingInput)) return;
        (string Site, string[] Nodes)[] groups = nodes.Count > 0
            ? [.. nodes.GroupBy(KadeployNodes.SiteOf).Select(g => (g.Key, g.ToArray()))]
            : [.. (await OarAccess.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false)).Select(s => (s, Array.Empty<string>()))];
        await OarAccess.ForEachAsync(this, groups,
            (group, token) => AskAsync(new NodeControl(Grid.GetFrontend(group.Site), Grid.Time), group.Nodes, token),
            cancellationToken).ConfigureAwait(false);
    }
}
