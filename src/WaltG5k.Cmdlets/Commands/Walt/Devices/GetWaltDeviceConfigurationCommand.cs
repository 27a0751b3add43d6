using System.Management.Automation;
using WaltG5k.Core.Walt.Devices;

namespace WaltG5k.Commands;

/// <summary>Get-WaltDeviceConfiguration: the settings of nodes, switches and other devices.</summary>
[Cmdlet(VerbsCommon.Get, "WaltDeviceConfiguration")]
[OutputType(typeof(WaltDeviceConfiguration))]
public sealed class GetWaltDeviceConfigurationCommand : WaltDeviceCmdlet
{
    internal override async Task WorkAsync(WaltAccess walt, IReadOnlyList<WaltDeviceInfo> devices, CancellationToken cancellationToken)
    {
        foreach (WaltDeviceConfiguration configuration in await walt.Server.GetDeviceConfigurationsAsync([.. devices.Select(d => d.Name)],
            cancellationToken).ConfigureAwait(false))
            Write(configuration);
    }
}
