namespace WaltG5k.Core.Walt.Streams;

/// <summary>What can be asked for on a WalT server's stream port (tcp 12347); the numbers are those of the protocol.</summary>
public enum WaltStreamRequest
{
    /// <summary>Log lines, past and to come.</summary>
    DumpLogs = 1,
    /// <summary>psql on the server's database.</summary>
    SqlPrompt = 2,
    /// <summary>A shell in an image's container.</summary>
    ImageShell = 3,
    /// <summary>A command on a node, by ssh from the server. Gives no exit status.</summary>
    NodeCommand = 4,
    /// <summary><c>ping</c> of a device, until the stream is closed.</summary>
    DevicePing = 5,
    TarFromImage = 6,
    TarToImage = 7,
    TarFromNode = 8,
    TarToNode = 9,
    /// <summary>A TCP connection to a node: see <see cref="WaltServer.ConnectNodeAsync"/>.</summary>
    TcpToNode = 11,
    /// <summary>A boot file as a node would get it by TFTP.</summary>
    BootFile = 12,
    /// <summary>A shell on a device, by ssh from the server.</summary>
    DeviceShell = 15,
    TarForImageBuild = 16,
}
