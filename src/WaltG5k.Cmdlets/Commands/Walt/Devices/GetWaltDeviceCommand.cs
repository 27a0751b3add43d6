using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-WaltDevice: the devices of the WalT network, or where each of them hangs.</summary>
[Cmdlet(VerbsCommon.Get, "WaltDevice", DefaultParameterSetName = NameSet)]
[OutputType(typeof(WaltDeviceInfo), ParameterSetName = [NameSet])]
[OutputType(typeof(WaltTreeEntry), ParameterSetName = [TreeSet])]
public sealed class GetWaltDeviceCommand : WaltCmdlet
{
    const string NameSet = "Name", TreeSet = "Tree";

    [Parameter(Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [WaltDeviceConversion]
    [ArgumentCompleter(typeof(WaltDeviceCompleter))]
    public WaltDeviceRef[] Name { get; set; } = [];

    [Parameter(ParameterSetName = NameSet)]
    [ValidateSet("server", "switch", "node", "unknown")]
    public string[] Type { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = TreeSet)]
    public SwitchParameter Tree { get; set; }

    [Parameter(ParameterSetName = TreeSet)]
    public SwitchParameter All { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            if (Tree)
            {
                foreach (WaltTreeEntry entry in await walt.Server.GetDeviceTreeAsync(All, cancellationToken).ConfigureAwait(false)) Write(entry);
                return;
            }
            foreach (WaltDeviceInfo device in await DeviceLookup.ResolveAsync(walt.Server, Session, Name, this, cancellationToken)
                .ConfigureAwait(false))
                if (Type.Length == 0 || Type.Contains(device.Type, StringComparer.OrdinalIgnoreCase)) Write(device);
        }
    }
}
