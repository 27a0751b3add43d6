using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Remove-WaltPortForward: closes ports of nodes on this machine, with the connections that there are.</summary>
[Cmdlet(VerbsCommon.Remove, "WaltPortForward", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveWaltPortForwardCommand : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PortForwardConversion]
    public int[] LocalPort { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (int port in LocalPort)
        {
            WaltPortForward? forward = Session.WaltResources.Forwards.FirstOrDefault(f => f.LocalPort == port);
            if (forward is null) WriteFailure(Failures.PortForwardNotFound(port));
            else if (await ConfirmAsync(forward.ToString(), "Close").ConfigureAwait(false))
                await Session.WaltResources.RemoveAsync(forward).ConfigureAwait(false);
        }
    }
}
