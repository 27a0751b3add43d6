using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Nodes;

/// <summary>Keeps what became of the nodes beyond the process. Only nodes that differ from an untouched one are written.</summary>
internal static class NodeStates
{
    public static JsonObject Save(TestbedWorld world)
    {
        JsonObject nodes = [];
        foreach (NodeModel node in world.Nodes.Values.OrderBy(n => n.Name, StringComparer.Ordinal))
        {
            NodeDisk? disk = world.NodeLife.FindDisk(node);
            if (IsUntouched(node, disk)) continue;
            disk ??= new NodeDisk();
            nodes[node.Name] = new JsonObject
            {
                ["power"] = node.Power.ToString(),
                ["system"] = node.System,
                ["hardReboots"] = node.HardReboots,
                ["vlans"] = ToJson(node.Vlans),
                ["environment"] = disk.Environment,
                ["files"] = ToJson(disk.Files),
                ["directories"] = new JsonArray([.. disk.Directories.Select(d => (JsonNode?)d)]),
            };
        }
        return nodes;
    }

    public static void Load(TestbedWorld world, JsonNode state)
    {
        foreach ((string name, JsonNode? value) in state.AsObject())
        {
            if (value is null || !world.Nodes.TryGetValue(name, out NodeModel? node)) continue;
            // A boot that was under way when the testbed closed has come to nothing.
            NodePower power = Enum.Parse<NodePower>(value["power"]!.GetValue<string>());
            node.Power = power is NodePower.Firmware or NodePower.Booting ? NodePower.Dead : power;
            node.System = value["system"]!.GetValue<string>();
            node.HardReboots = value["hardReboots"]!.GetValue<int>();
            foreach ((string device, JsonNode? vlan) in value["vlans"]!.AsObject()) node.Vlans[device] = vlan!.GetValue<string>();
            world.NodeLife.Install(node, value["environment"]?.GetValue<string>());
            NodeDisk disk = world.NodeLife.DiskOf(node);
            foreach ((string path, JsonNode? content) in value["files"]!.AsObject()) disk.Files[path] = content!.GetValue<string>();
            foreach (JsonNode? directory in value["directories"]!.AsArray()) disk.Directories.Add(directory!.GetValue<string>());
        }
    }

    static bool IsUntouched(NodeModel node, NodeDisk? disk)
        => node is { Power: NodePower.Up, System: "standard", HardReboots: 0, Vlans.Count: 0 } && disk is not { Environment: not null }
            && disk is not { Files.Count: > 0 };

    static JsonObject ToJson(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
}
