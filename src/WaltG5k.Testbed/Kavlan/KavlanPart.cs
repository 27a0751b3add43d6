using System.Text.Json.Nodes;
using System.Globalization;

namespace WaltG5k.Testbed.Kavlan;

/// <summary>KaVLAN: which NIC is in which VLAN. The places of the NICs are kept with the nodes; here only who serves DHCP.</summary>
public sealed class KavlanPart : ITestbedPart
{
    readonly TestbedWorld _world;

    public KavlanPart(TestbedWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        world.Add(new KavlanCommand());
    }

    public string Name => "kavlan";

    /// <summary>The VLANs whose DHCP is off.</summary>
    public JsonNode? Save()
    {
        JsonArray off = [];
        foreach (VlanModel vlan in _world.Sites.Values.SelectMany(s => s.Vlans.Values).Where(v => !v.DhcpEnabled))
        {
            off.Add(string.Create(CultureInfo.InvariantCulture, $"{vlan.Site}:{vlan.Id}"));
        }
        return off;
    }

    public void Load(JsonNode state)
    {
        HashSet<string> off = [.. state.AsArray().Select(v => v!.GetValue<string>())];
        foreach (VlanModel vlan in _world.Sites.Values.SelectMany(s => s.Vlans.Values))
        {
            vlan.DhcpEnabled = !off.Contains(string.Create(CultureInfo.InvariantCulture, $"{vlan.Site}:{vlan.Id}"));
        }
    }

    public void Start() { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
