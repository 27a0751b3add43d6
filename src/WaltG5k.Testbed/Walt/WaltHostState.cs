using System.Globalization;
using System.Text.Json.Nodes;
using WaltG5k.Testbed.Walt.Images;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Walt;

/// <summary>Keeps a WalT server beyond the process.</summary>
internal static class WaltHostState
{
    public static JsonObject Save(WaltHost host) => new()
    {
        ["node"] = host.Node.Name,
        ["nic"] = host.Nic.Device,
        ["isRunning"] = host.IsRunning,
        ["servesHttp"] = host.ServesHttp,
        ["nbfs"] = new JsonArray([.. host.Mounts.OnNbfs.Select(i => (JsonNode?)i)]),
        ["speculative"] = new JsonArray([.. host.Mounts.OnSpeculation.Select(i => (JsonNode?)i)]),
        ["images"] = new JsonArray([.. host.Images.All.Select(SaveImage)]),
        ["imageFiles"] = new JsonObject(host.Images.ChangedFiles.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)SaveFiles(f.Value)))),
        ["devices"] = new JsonArray([.. host.Devices.All.Select(SaveDevice)]),
        ["checkpoints"] = new JsonArray([.. host.Checkpoints.Select(c => new JsonArray(c.Key.User, c.Key.Name, c.Value))]),
        ["links"] = new JsonArray([.. host.Network.Links.Select(l => new JsonArray(l.Key, l.Value.SwitchMac, l.Value.Port, l.Value.IsConfirmed))]),
        ["logs"] = new JsonArray([.. host.Logs.Select(l =>
            new JsonArray(l.Time.ToString("O", CultureInfo.InvariantCulture), l.Issuer, l.Stream, l.Line))]),
    };

    /// <summary>The server as it was, stopped; null where its node or NIC is no longer there.</summary>
    public static WaltHost? Load(TestbedWorld world, JsonNode state)
    {
        if (!world.Nodes.TryGetValue(Text(state, "node"), out NodeModel? node)
            || node.Nics.FirstOrDefault(n => n.Device == Text(state, "nic")) is not NicModel nic) return null;
        WaltHost host = new(world, node, nic) { ServesHttp = state["servesHttp"]!.GetValue<bool>() };
        foreach (JsonNode? image in state["images"]!.AsArray()) host.Images.Add(LoadImage(image!));
        foreach ((string id, JsonNode? files) in state["imageFiles"]?.AsObject() ?? []) host.Images.Keep(id, LoadFiles(files!));
        foreach (JsonNode? device in state["devices"]!.AsArray()) host.Devices.Add(LoadDevice(host, device!));
        foreach (JsonNode? id in state["nbfs"]?.AsArray() ?? []) host.Mounts.SetRoot(id!.GetValue<string>(), BootRoot.Nbfs);
        foreach (JsonNode? id in state["speculative"]?.AsArray() ?? []) host.Mounts.SetRoot(id!.GetValue<string>(), BootRoot.Speculative);
        foreach (JsonNode? log in state["logs"]!.AsArray())
        {
            host.Logs.Add(new WaltLogEntry(DateTimeOffset.Parse(log![0]!.GetValue<string>(), CultureInfo.InvariantCulture),
                log[1]!.GetValue<string>(), log[2]!.GetValue<string>(), log[3]!.GetValue<string>()));
        }
        foreach (JsonNode? checkpoint in Items(state, "checkpoints"))
            host.Checkpoints[(checkpoint![0]!.GetValue<string>(), checkpoint[1]!.GetValue<string>())] = checkpoint[2]!.GetValue<double>();
        foreach (JsonNode? link in Items(state, "links"))
            host.Network.Links[link![0]!.GetValue<string>()] =
                new WaltLink(link[1]!.GetValue<string>(), link[2]!.GetValue<int>(), link[3]!.GetValue<bool>());
        return host;
    }

    /// <summary>A list that states of earlier versions lack.</summary>
    static JsonArray Items(JsonNode state, string name) => state[name]?.AsArray() ?? [];

    static JsonNode SaveImage(WaltImage image) => new JsonObject
    {
        ["fullName"] = image.FullName,
        ["id"] = image.Id,
        ["hasNbfs"] = image.HasNbfs,
        ["created"] = image.Created.ToString("O", CultureInfo.InvariantCulture),
        ["models"] = new JsonArray([.. image.Models.Select(m => (JsonNode?)m)]),
        ["layers"] = image.Layers,
    };

    static WaltImage LoadImage(JsonNode state) =>
        new(Text(state, "fullName"), Text(state, "id"), DateTimeOffset.Parse(Text(state, "created"), CultureInfo.InvariantCulture),
        [.. state["models"]!.AsArray().Select(m => m!.GetValue<string>())]) { HasNbfs = state["hasNbfs"]?.GetValue<bool>() ?? false,
        Layers = state["layers"]?.GetValue<int>() ?? 10 };

    static JsonObject SaveFiles(ImageFiles files) => new JsonObject
    {
        ["files"] = new JsonObject(files.Disk.Files.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
        ["directories"] = new JsonArray([.. files.Disk.Directories.Select(d => (JsonNode?)d)]),
        ["binaries"] = new JsonArray([.. files.Binaries.Select(b => (JsonNode?)b)]),
        ["modes"] = new JsonObject(files.Modes.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
    };

    static ImageFiles LoadFiles(JsonNode state)
    {
        ImageFiles files = new();
        foreach ((string path, JsonNode? content) in state["files"]!.AsObject()) files.Disk.Files[path] = content!.GetValue<string>();
        foreach (JsonNode? directory in state["directories"]!.AsArray()) files.Disk.Directories.Add(directory!.GetValue<string>());
        foreach (JsonNode? path in state["binaries"]!.AsArray()) files.Binaries.Add(path!.GetValue<string>());
        foreach ((string path, JsonNode? mode) in state["modes"]!.AsObject()) files.Modes[path] = mode!.GetValue<int>();
        return files;
    }

    static JsonNode SaveDevice(WaltDevice device) => new JsonObject
    {
        ["name"] = device.Name,
        ["mac"] = device.Mac,
        ["ip"] = device.Ip,
        ["type"] = device.Type,
        ["model"] = device.Model,
        ["image"] = device.Image,
        ["isBooted"] = device.IsBooted,
        ["ports"] = new JsonArray([.. device.PortNames.Select(p => new JsonArray(p.Key, p.Value))]),
        ["root"] = device.Root.ToString(),
        ["kernelStart"] = device.KernelStart.ToString("O", CultureInfo.InvariantCulture),
        ["isVirtual"] = device.IsVirtual,
        ["bootedImage"] = device.BootedImageId,
        ["settings"] = new JsonObject(device.Settings.Select(s =>
            KeyValuePair.Create(s.Key, (JsonNode?)(s.Value is bool b ? b : s.Value is int i ? i : (string)s.Value)))),
    };

    static WaltDevice LoadDevice(WaltHost host, JsonNode state)
    {
        WaltDevice device = new(Text(state, "name"), Text(state, "mac"), Text(state, "ip"), Text(state, "type")) 
        {
            Model = Text(state, "model"),
            Image = Text(state, "image"),
            IsVirtual = state["isVirtual"]?.GetValue<bool>() ?? false,
            BootedImageId = state["bootedImage"]?.GetValue<string>() ?? "",
        };
        // A mount that was under way is done again when the server starts.
        device.RoutedImageId = host.Images.All.FirstOrDefault(i => i.FullName == device.Image)?.Id ?? "";
        // A node whose boot or reboot did not survive the process is not booted any more.
        NodeModel? machine = host.MachineOf(device);
        device.IsBooted = state["isBooted"]!.GetValue<bool>()
            && (device.IsVirtual || (machine?.Power == NodePower.Up && Nodes.NodeLife.IsWaltSystem(machine)));
        device.Root = Enum.TryParse(state["root"]?.GetValue<string>(), out BootRoot root) ? root : BootRoot.Nfs;
        if (state["kernelStart"]?.GetValue<string>() is string start) device.KernelStart = DateTimeOffset.Parse(start, CultureInfo.InvariantCulture);
        foreach ((string name, JsonNode? value) in state["settings"]!.AsObject())
        {
            device.Settings[name] = value!.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.Number => value.GetValue<int>(),
                System.Text.Json.JsonValueKind.String => value.GetValue<string>(),
                _ => value.GetValue<bool>(),
            };
        }
        foreach (JsonNode? port in Items(state, "ports")) device.PortNames[port![0]!.GetValue<int>()] = port[1]!.GetValue<string>();
        return device;
    }

    static string Text(JsonNode state, string name) => state[name]!.GetValue<string>();
}
