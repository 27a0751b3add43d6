using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Invoke-WaltNodeBlink: makes the lights of nodes blink for a while, so that somebody finds them.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "WaltNodeBlink", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class InvokeWaltNodeBlinkCommand : WaltNodeCmdlet
{
    [Parameter(Position = 1)]
    [Alias("Seconds")]
    [DurationConversion]
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(1);

    internal override string? Action => "Blink";

    // Everybody may look for a node, as in WalT.
    internal override bool? IsForced => null;
    internal override int Parallelism => 64;

    internal override async Task ActAsync(WaltAccess walt, WaltNodeInfo node, CancellationToken cancellationToken)
    {
        await walt.Server.SetBlinkAsync(node.Name, blinks: true, cancellationToken).ConfigureAwait(false);
        try { await Task.Delay(Duration, walt.Server.Time, cancellationToken).ConfigureAwait(false); }
        // Whoever stops the cmdlet wants the light out as well.
        finally { await walt.Server.SetBlinkAsync(node.Name, blinks: false, CancellationToken.None).ConfigureAwait(false); }
    }
}
