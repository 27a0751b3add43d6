using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Devices;

namespace WaltG5k.Commands;

/// <summary>Test-WaltNode: whether nodes answer a ping of the WalT server.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WaltNode")]
[OutputType(typeof(bool))]
public sealed class TestWaltNodeCommand : WaltNodeCmdlet
{
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    internal override string? Action => null;
    internal override bool? IsForced => null;

    // One answer after the other, so that each belongs to its node.
    internal override int Parallelism => 1;

    internal override async Task ActAsync(WaltAccess walt, WaltNodeInfo node, CancellationToken cancellationToken)
    {
        WaltPingResult ping = await walt.Server.PingAsync(node.Name, Count, cancellationToken).ConfigureAwait(false);
        Post(() => WriteVerbose(ping.Latency is { } time
            ? FormattableString.Invariant($"{node.Name} ({node.Ip}) answers after {time.TotalMilliseconds:0.###} ms.")
            : $"{node.Name} ({node.Ip}) does not answer."));
        Write(ping.IsReachable);
    }
}
