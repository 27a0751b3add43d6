using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Test-WaltNode: whether nodes answer a ping of the WalT server.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WaltNode")]
[OutputType(typeof(bool))]
public sealed class TestWaltNodeCommand : WaltNodeCmdlet
{
    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    internal override string? Action => null;
    internal override bool? IsForced => null;

    // One answer after the other, so that each belongs to its node.
    internal override int Parallelism => 1;

    internal override async Task ActAsync(WaltAccess walt, WaltNodeInfo node, CancellationToken cancellationToken)
    {
        TimeSpan? answer = await walt.Server.PingAsync(node.Ip, Timeout, cancellationToken).ConfigureAwait(false);
        Post(() => WriteVerbose(answer is { } time ? FormattableString.Invariant($"{node.Name} ({node.Ip}) answers after {time.TotalMilliseconds:0.###} ms.") : $"{node.Name} ({node.Ip}) does not answer."));
        Write(answer is not null);
    }
}
