using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Walt;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Wait-WaltNode: until nodes have booted.</summary>
[Cmdlet(VerbsLifecycle.Wait, "WaltNode")]
[OutputType(typeof(WaltNodeInfo))]
public sealed class WaitWaltNodeCommand : WaltWaitingCmdlet
{
    const int ProgressId = 0x67356b04;
    readonly List<WaltNodeRef> _references = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    internal override string JobSubject => _Format.Nodes(_references.Select(r => r.Name));

    protected override void ProcessRecord() => _references.AddRange(Node);

    internal override Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0 && MyInvocation.ExpectingInput) return Task.FromResult(false);   // upstream wrote nothing
        FindWalt();
        return Task.FromResult(true);
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            Dictionary<string, WaltNodeInfo> nodes = (await walt.ResolveAsync(_references, output, cancellationToken).ConfigureAwait(false))
                .ToDictionary(n => n.Name);
            int ready = 0;
            Show(output, 0, nodes.Count);
            try
            {
                IReadOnlySet<string> booted = await walt.Server.WaitBootedAsync([.. nodes.Keys], Timeout, name =>
                {
                    output.Write(nodes[name] with { IsBooted = true });
                    Show(output, Interlocked.Increment(ref ready), nodes.Count);
                }, cancellationToken).ConfigureAwait(false);
                foreach (string late in nodes.Keys.Where(n => !booted.Contains(n)))
                    output.WriteError(Errors.From(Failures.NodeNotBooted(late, Timeout)));
            }
            finally { output.Progress(new ProgressUpdate(ProgressId, "Waiting for WalT nodes", "Done") { Completed = true }); }
        }
    }

    static void Show(IOutput output, int ready, int all) => output.Progress(new ProgressUpdate(
        ProgressId, "Waiting for WalT nodes", $"nodes ready {ready} of {all}") { Percent = all == 0 ? 100 : ready * 100 / all });
}
