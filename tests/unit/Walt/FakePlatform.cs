using System.Text.Json;
using WaltG5k.Core.Walt;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Walt;

/// <summary>A scripted WalT server with nodes and images that say what the test makes them say, and a clock that jumps.</summary>
sealed class FakePlatform : IDisposable
{
    public static string DefaultId { get; } = new('1', 64);
    public static string DebianId { get; } = new('2', 64);
    /// <summary>An image made from the default one: another id, the same kernel and initrd.</summary>
    public static string LikeDefaultId { get; } = new('3', 64);

    public FakePlatform()
    {
        Server = new WaltServer(Walt, "dahu-4.grenoble.grid5000.fr", "walt-g5k", Clock);
        Walt.Http = Serve;
        Walt.On("has_image", "True");
        Walt.On("develop_node_set", (_, line) => Task.FromResult<string?>($"'{Argument(line)}'"));
        Walt.On("filter_ownership", (_, line) =>
            Task.FromResult<string?>($"(('{Argument(line).Replace(",", "', '", StringComparison.Ordinal)}',), (), (), ())"));
        Walt.On("set_image", "True");
    }

    public ScriptedWalt Walt { get; } = new();
    public VirtualClock Clock { get; } = new(DateTimeOffset.UnixEpoch, 0);
    public WaltServer Server { get; }
    /// <summary>As the API lists them; lock it.</summary>
    public List<Dictionary<string, object?>> Nodes { get; } = [];
    /// <summary>What /boot serves, by node address: the id of the image that is in effect; lock it.</summary>
    public Dictionary<string, string> Effective { get; } = [];
    public Dictionary<string, string> Images { get; } = new()
    {
        ["waltplatform/pc-x86-64-default:latest"] = DefaultId, ["walt-g5k/pc-x86-64-default:latest"] = DefaultId,
            ["walt-g5k/debian12:latest"] = DebianId, ["walt-g5k/like-default:latest"] = LikeDefaultId,
    };

    /// <summary>The first text among the arguments of a call line.</summary>
    public static string Argument(string line) => line.Split('\'')[5];

    public Dictionary<string, object?> AddNode(string name, int i)
    {
        string ip = $"192.168.{204 + (i + 1) / 256}.{(i + 1) % 256}";
        Dictionary<string, object?> node = new()
        {
            ["name"] = name, ["model"] = "pc-x86-64", ["virtual"] = false, ["image"] = "walt-g5k/pc-x86-64-default:latest", ["booted"] = true,
                ["ip"] = ip,
            ["mac"] = $"b0:26:28:aa:{i / 256:x2}:{i % 256:x2}",
            ["config"] = new Dictionary<string, object?> { ["netsetup"] = "LAN", ["boot.retries"] = 9, ["kexec.allow"] = true },
        };
        lock (Nodes) Nodes.Add(node);
        lock (Effective) Effective[ip] = DefaultId;
        return node;
    }

    public Dictionary<string, object?> Node(string name)
    {
        lock (Nodes) return Nodes.Single(n => (string?)n["name"] == name);
    }

    string? Serve(string path)
    {
        if (path.StartsWith("/api/v1/nodes", StringComparison.Ordinal))
        {
            string? mac = path.Contains("?mac=", StringComparison.Ordinal) ? Uri.UnescapeDataString(path.Split('=')[1]) : null;
            lock (Nodes) return JsonSerializer.Serialize(new { num_nodes = 1, nodes = Nodes.Where(n => mac is null || (string?)n["mac"] == mac) });
        }
        if (path.StartsWith("/api/v1/images", StringComparison.Ordinal))
            return JsonSerializer.Serialize(new { num_images = 1,
                images = Images.Select(i => new { fullname = i.Key, user = i.Key.Split('/')[0], id = i.Value, in_use = true,
                created = "2026-03-24 09:00:00", compatibility = new[] { "pc-x86-64" } }) });
        if (!path.StartsWith("/boot/", StringComparison.Ordinal)) return null;
        string[] parts = path[6..].Split("?node_ip=");
        lock (Effective)
        {
            if (!Effective.TryGetValue(parts[1], out string? id)) return null;
            return parts[0] == "start.ipxe" ? "#!ipxe" : $"{parts[0]} of {(id == LikeDefaultId ? DefaultId : id)}";
        }
    }

    public void Dispose()
    {
        Server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Walt.Dispose();
        Clock.Dispose();
    }
}
