using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Core.Walt.Logs;

namespace WaltG5k.Commands;

/// <summary>Remove-WaltDevice: makes the WalT server forget devices that are gone.</summary>
[Cmdlet(VerbsCommon.Remove, "WaltDevice", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveWaltDeviceCommand : WaltDeviceCmdlet
{
    bool _yesToAll;
    bool _noToAll;

    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override async Task WorkAsync(WaltAccess walt, IReadOnlyList<WaltDeviceInfo> devices, CancellationToken cancellationToken)
    {
        foreach (WaltDeviceInfo device in devices)
        {
            try
            {
                if (device.Type == "server") throw Failures.DeviceNotForgettable(device.Name, "it is the server",
                    "Get-WaltDevice -Type node, switch, unknown");
                if (device.Kind == "virtual") throw Failures.DeviceNotForgettable(device.Name, "it is a virtual node",
                    $"Remove-WaltVirtualNode {device.Name}");
                if (!await ConfirmAsync(device.Name, "Forget the device").ConfigureAwait(false)
                    || !await AcceptsLossAsync(walt, device, cancellationToken).ConfigureAwait(false)) continue;
                await walt.Server.ForgetDeviceAsync(device.Name, cancellationToken).ConfigureAwait(false);
                walt.ForgetDevice(device.Name);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }

    /// <summary>Log lines are forgotten with their device: whether that is meant is asked, where there are any.</summary>
    async Task<bool> AcceptsLossAsync(WaltAccess walt, WaltDeviceInfo device, CancellationToken cancellationToken)
    {
        if (Force) return true;
        long lines = await walt.Server.CountLogsAsync(new WaltLogQuery { Issuers = [device.Name] }, cancellationToken).ConfigureAwait(false);
        return lines == 0 || await AskAsync(() => ShouldContinue(
            FormattableString.Invariant($"All that is known of {device.Name} is deleted, {lines} log lines included. Go on?"),
            "Forget a device and its log", ref _yesToAll, ref _noToAll)).ConfigureAwait(false);
    }
}
