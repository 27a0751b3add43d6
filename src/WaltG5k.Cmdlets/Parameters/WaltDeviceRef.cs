using WaltG5k.Core.Deployments;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Devices;

namespace WaltG5k.Parameters;

/// <summary>
/// A device of a WalT network by its name there, or a word of WalT's for several (<c>my-nodes</c>). A wildcard stands for all that match.
/// </summary>
public sealed record WaltDeviceRef(string Name)
{
    public override string ToString() => Name;
}

/// <summary>WalT devices from names, node sets (<c>gros-[1-4]</c>), wildcards, WalT's words for sets, or objects that stand for a device.</summary>
public sealed class WaltDeviceConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).SelectMany(ToDevices).ToArray();

    static IEnumerable<WaltDeviceRef> ToDevices(object item) => item switch
    {
        WaltDeviceRef device => [device],
        WaltDeviceInfo device => [new WaltDeviceRef(device.Name)],
        WaltTreeEntry entry => [new WaltDeviceRef(entry.Name)],
        WaltDeviceConfiguration configuration => [new WaltDeviceRef(configuration.Name)],
        WaltScanResult scan => [new WaltDeviceRef(scan.Device)],
        WaltSwitchPort port => [new WaltDeviceRef(port.Switch)],
        WaltNodeInfo node => [new WaltDeviceRef(node.Name)],
        WaltNodeRef node => [new WaltDeviceRef(node.Name)],
        WaltBootResult result => [new WaltDeviceRef(result.Node)],
        DeploymentNode node => [new WaltDeviceRef(node.WaltName)],
        NodeInfo node => [new WaltDeviceRef(node.ShortName)],
        _ => NodeNames.Expand($"{item}").Select(name => new WaltDeviceRef(name)),
    };
}
