using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Get-WaltPortForward: the ports of nodes that are open on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "WaltPortForward")]
[OutputType(typeof(WaltPortForward))]
public sealed class GetWaltPortForwardCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public int[] LocalPort { get; set; } = [];

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (WaltPortForward forward in Session.WaltResources.Forwards.Where(f => LocalPort.Length == 0 || LocalPort.Contains(f.LocalPort)))
            Write(forward);
        return Task.CompletedTask;
    }
}
