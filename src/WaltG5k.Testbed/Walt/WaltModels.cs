using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Walt;

/// <summary>An image on a WalT server.</summary>
/// <param name="FullName"><c>user/name:tag</c>.</param>
/// <param name="Id">64 hexadecimal digits; clones share it.</param>
internal sealed record WaltImage(string FullName, string Id, DateTimeOffset Created, IReadOnlyList<string> Models)
{
    /// <summary>Whether it holds a client of NBFS, and says so in its <c>/etc/walt/image.spec</c>.</summary>
    public bool HasNbfs { get; init; }

    /// <summary>Podman takes so many layers and no more; then an image must be squashed.</summary>
    public const int MaximumLayers = 120;

    public int Layers { get; init; } = 10;
    public string User => FullName[..FullName.IndexOf('/', StringComparison.Ordinal)];
    public string NameAndTag => FullName[(FullName.IndexOf('/', StringComparison.Ordinal) + 1)..];
    /// <summary>The name as users give it: without user, and without the tag <c>latest</c>.</summary>
    public string Name => NameAndTag.EndsWith(":latest", StringComparison.Ordinal) ? NameAndTag[..^":latest".Length] : NameAndTag;
}

/// <summary>A node, or a device of unknown kind, of a WalT server. Changes under the world's lock.</summary>
internal sealed class WaltDevice(string name, string mac, string ip, string type)
{
    public string Name { get; set; } = name;
    public string Mac { get; } = mac;
    public string Ip { get; set; } = ip;
    /// <summary><c>node</c>, <c>server</c>, <c>switch</c> or <c>unknown</c>.</summary>
    public string Type { get; set; } = type;
    public string Model { get; init; } = WaltNames.Model;
    /// <summary>The image it was told to boot.</summary>
    public string Image { get; set; } = WaltNames.DefaultImage;
    /// <summary>The image whose files it gets: follows <see cref="Image"/> once that is mounted.</summary>
    public string RoutedImageId { get; set; } = "";
    /// <summary>Counts the orders to change the image: an older mount that ends late changes nothing any more.</summary>
    public int RouteGeneration { get; set; }
    public bool IsBooted { get; set; }
    /// <summary>How the running system has its root file system.</summary>
    public BootRoot Root { get; set; }
    /// <summary>When the running kernel began.</summary>
    public DateTimeOffset KernelStart { get; set; }
    /// <summary>Whether it is a virtual machine on the server.</summary>
    public bool IsVirtual { get; init; }
    /// <summary>The image of the running system.</summary>
    public string BootedImageId { get; set; } = "";
    /// <summary>Counts boots and losses, so that a loss found late is not taken for one of a later boot.</summary>
    public int ConnectionGeneration { get; set; }
    /// <summary>Files written on the running node: they are in its memory and vanish with the next boot.</summary>
    public Nodes.NodeDisk Memory { get; set; } = new();
    public SortedDictionary<string, object> Settings { get; } = new(StringComparer.Ordinal);
    /// <summary>Names that a switch's ports were given.</summary>
    public SortedDictionary<int, string> PortNames { get; } = [];

    public bool IsNode => Type == "node";
    public string? Owner => Image.Split('/')[0] is var user && user != WaltNames.PublicUser ? user : null;
}

/// <summary>An entry of the server's log; the issuer of the server's own is <c>walt-server</c>.</summary>
internal sealed record WaltLogEntry(DateTimeOffset Time, string Issuer, string Stream, string Line)
{
    /// <summary>Seconds since 1970.</summary>
    public double Epoch => (Time - DateTimeOffset.UnixEpoch).TotalSeconds;
}

internal static class WaltNames
{
    public const string Version = "10.0";
    public const string Model = "pc-x86-64";
    public const string VendorClassPrefix = "walt.node.";
    /// <summary>The owner of the default images, which stand for "free".</summary>
    public const string PublicUser = "waltplatform";
    public const string DefaultImage = PublicUser + "/" + Model + "-default:latest";
    /// <summary>The user of deployments on Grid'5000.</summary>
    public const string DeploymentUser = "walt-g5k";
    public const string ServerIssuer = "walt-server";
    public const string NodesStream = "platform.nodes";
    public const string DevicesStream = "platform.devices";
    /// <summary>What nodes send of their kernel's messages.</summary>
    public const string ConsoleStream = "netconsole";
}
