using System.Text.Json.Nodes;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>Keeps the virtual machines beyond the process; those that were still booting have come up meanwhile.</summary>
internal sealed class GuestStates(TestbedWorld world) : ITestbedPart
{
    public string Name => "guests";

    public JsonNode? Save()
    {
        JsonArray guests = [];
        foreach (Guest guest in world.Guests.All)
        {
            GuestSpecification wanted = guest.Specification;
            guests.Add((JsonNode)new JsonObject
            {
                ["host"] = guest.Host.Name,
                ["name"] = wanted.Name,
                ["cpu"] = wanted.Cpu,
                ["memory"] = wanted.Memory,
                ["mac"] = wanted.Mac,
                ["address"] = wanted.Address,
                ["bridge"] = wanted.Bridge,
                ["silent"] = guest.IsSilent,
                ["ports"] = new JsonObject(wanted.Ports.Select(p => KeyValuePair.Create($"{p.Key}", (JsonNode?)p.Value))),
                ["files"] = new JsonObject(guest.Disk.Files.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
            });
        }
        return guests.Count > 0 ? guests : null;
    }

    public void Load(JsonNode state)
    {
        foreach (JsonNode? each in state.AsArray())
        {
            if (each is null || !world.Nodes.TryGetValue(each["host"]!.GetValue<string>(), out NodeModel? host)) continue;
            var disk = new NodeDisk();
            foreach ((string path, JsonNode? content) in each["files"]!.AsObject()) disk.Files[path] = content!.GetValue<string>();
            world.Guests.Restore(host, new GuestSpecification(each["name"]!.GetValue<string>())
            {
                Cpu = each["cpu"]!.GetValue<int>(),
                Memory = each["memory"]!.GetValue<int>(),
                Mac = each["mac"]!.GetValue<string>(),
                Address = each["address"]?.GetValue<string>(),
                Bridge = each["bridge"]?.GetValue<string>(),
                Ports = each["ports"]!.AsObject().ToDictionary(p => int.Parse(p.Key, System.Globalization.CultureInfo.InvariantCulture),
                p => p.Value!.GetValue<int>()),
                Disk = disk,
            }, each["silent"]!.GetValue<bool>());
        }
    }

    public void Start() => _ = world.Guests;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
