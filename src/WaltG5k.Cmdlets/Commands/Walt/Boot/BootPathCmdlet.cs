using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>A cmdlet that looks at all that a boot needs.</summary>
public abstract class BootPathCmdlet : WaltCmdlet
{
    readonly List<WaltNodeRef> _references = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    protected override void ProcessRecord() => _references.AddRange(Node);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0 && MyInvocation.ExpectingInput) return;   // upstream wrote nothing
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltNodeInfo> nodes = await walt.ResolveAsync(_references, this, cancellationToken).ConfigureAwait(false);
            if (nodes.Count == 0 && _references.Count > 0) return;
            string[] names = _references.Count == 0 ? [] : [.. nodes.Select(n => n.Name)];
            Show(await new BootPathTest(walt.Server, walt.SiteOf).RunAsync(names, cancellationToken).ConfigureAwait(false));
        }
    }

    internal abstract void Show(IReadOnlyList<WaltBootCheck> checks);
}
