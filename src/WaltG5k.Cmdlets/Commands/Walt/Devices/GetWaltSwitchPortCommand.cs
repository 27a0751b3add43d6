using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-WaltSwitchPort: the ports of switches, and what hangs on them.</summary>
[Cmdlet(VerbsCommon.Get, "WaltSwitchPort")]
[OutputType(typeof(WaltSwitchPort))]
public sealed class GetWaltSwitchPortCommand : WaltCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltDeviceConversion]
    [ArgumentCompleter(typeof(WaltSwitchCompleter))]
    public WaltDeviceRef[] Switch { get; set; } = [new("all-switches")];

    [Parameter(Position = 1)]
    [ValidateRange(1, 10_000)]
    public int[] Port { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            foreach (WaltDeviceInfo device in await DeviceLookup.ResolveAsync(walt.Server, Session, Switch, this, cancellationToken)
                .ConfigureAwait(false))
            {
                foreach (int? port in Port.Length > 0 ? Port.Select(p => (int?)p) : [null])
                {
                    try
                    {
                        foreach (WaltSwitchPort found in await walt.Server.GetSwitchPortsAsync(device.Name, port, cancellationToken)
                            .ConfigureAwait(false)) Write(found);
                    }
                    catch (G5kException e) { WriteFailure(e); }
                }
            }
        }
    }
}
