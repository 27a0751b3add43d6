using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Devices;

namespace WaltG5k.Commands;

/// <summary>Get-WaltNodeConfiguration: the settings of nodes.</summary>
[Cmdlet(VerbsCommon.Get, "WaltNodeConfiguration")]
[OutputType(typeof(WaltDeviceConfiguration))]
public sealed class GetWaltNodeConfigurationCommand : WaltNodeCmdlet
{
    internal override string? Action => null;
    internal override bool? IsForced => null;

    internal override async Task ActAllAsync(WaltAccess walt, IReadOnlyList<WaltNodeInfo> nodes, CancellationToken cancellationToken)
    {
        foreach (WaltDeviceConfiguration configuration in await walt.Server.GetDeviceConfigurationsAsync([.. nodes.Select(n => n.Name)],
            cancellationToken).ConfigureAwait(false))
            Write(configuration);
    }
}
