using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Set-WaltSwitchPort: names a port of a switch.</summary>
[Cmdlet(VerbsCommon.Set, "WaltSwitchPort", SupportsShouldProcess = true)]
[OutputType(typeof(WaltSwitchPort))]
public sealed class SetWaltSwitchPortCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [WaltDeviceConversion]
    [ValidateCount(1, 1)]
    [ArgumentCompleter(typeof(WaltSwitchCompleter))]
    public WaltDeviceRef[] Switch { get; set; } = [];

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
            string name = Switch[0].Name;
            if (!await ConfirmAsync(FormattableString.Invariant($"{name}:{Port}"), $"Name the port {NewName}").ConfigureAwait(false)) return;
            try
            {
                await walt.Server.SetSwitchPortNameAsync(name, Port, NewName, cancellationToken).ConfigureAwait(false);
                if (!PassThru) return;
                foreach (WaltSwitchPort port in await walt.Server.GetSwitchPortsAsync(name, Port, cancellationToken).ConfigureAwait(false))
                    Write(port);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
