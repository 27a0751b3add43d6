using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Devices;

namespace WaltG5k.Commands;

/// <summary>Set-WaltSwitchPort: names a port of a switch.</summary>
[Cmdlet(VerbsCommon.Set, "WaltSwitchPort", SupportsShouldProcess = true)]
[OutputType(typeof(WaltSwitchPort))]
public sealed class SetWaltSwitchPortCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(WaltSwitchCompleter))]
    public string Switch { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Number")]
    [ValidateRange(1, 10_000)]
    public int Port { get; set; }

    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            if (!await ConfirmAsync(FormattableString.Invariant($"{Switch}:{Port}"), $"Name the port {NewName}").ConfigureAwait(false)) return;
            try
            {
                await walt.Server.SetSwitchPortNameAsync(Switch, Port, NewName, cancellationToken).ConfigureAwait(false);
                if (!PassThru) return;
                foreach (WaltSwitchPort port in await walt.Server.GetSwitchPortsAsync(Switch, Port, cancellationToken).ConfigureAwait(false)) Write(port);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
