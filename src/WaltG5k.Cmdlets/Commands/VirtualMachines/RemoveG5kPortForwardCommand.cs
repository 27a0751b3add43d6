using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.VirtualMachines.Reach;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Remove-G5kPortForward: closes ports of virtual machines on this machine, with the connections that there are.</summary>
[Cmdlet(VerbsCommon.Remove, "G5kPortForward", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveG5kPortForwardCommand : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PortForwardConversion]
    [ArgumentCompleter(typeof(PortForwardCompleter))]
    public int[] LocalPort { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (int port in LocalPort)
        {
            G5kPortForward? forward = Session.PortForwards.All.FirstOrDefault(f => f.LocalPort == port);
            if (forward is null) WriteFailure(Failures.VMPortForwardNotFound(port));
            else if (await ConfirmAsync(forward.ToString(), "Close").ConfigureAwait(false))
                await Session.PortForwards.CloseAsync(forward).ConfigureAwait(false);
        }
    }
}
