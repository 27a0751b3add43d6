using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Rename-WaltDevice: gives a device of the WalT network another name.</summary>
[Cmdlet(VerbsCommon.Rename, "WaltDevice", SupportsShouldProcess = true)]
[OutputType(typeof(WaltDeviceInfo))]
public sealed class RenameWaltDeviceCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [WaltDeviceConversion]
    [ValidateCount(1, 1)]
    [ArgumentCompleter(typeof(WaltDeviceCompleter))]
    public WaltDeviceRef[] Name { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            string name = Name[0].Name;
            if (!await ConfirmAsync(name, $"Rename to {NewName}").ConfigureAwait(false)) return;
            try
            {
                await walt.Server.RenameDeviceAsync(name, NewName, cancellationToken).ConfigureAwait(false);
                walt.ForgetDevice(name);
                IReadOnlyList<WaltDeviceInfo> devices = await DeviceLookup.GetAllAsync(walt.Server, Session, cancellationToken).ConfigureAwait(false);
                if (PassThru && devices.FirstOrDefault(d => d.Name == NewName) is { } renamed) Write(renamed);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
