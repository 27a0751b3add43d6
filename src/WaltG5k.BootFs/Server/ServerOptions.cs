using System.Net;

namespace WaltG5k.BootFs;

/// <summary>What a server is told at its start.</summary>
sealed record ServerOptions
{
    /// <summary>The folder whose images are served.</summary>
    public required string Images { get; init; }
    /// <summary>Where the key, the traces and the images' hashes are kept.</summary>
    public required string State { get; init; }
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, Limits.Port);
    public int BlockSize { get; init; } = Limits.DefaultBlock;
    /// <summary>Connections at a time. Each one takes about 1 MB.</summary>
    public int Clients { get; init; } = 1024;
    /// <summary>The longest trace, in bytes of blocks.</summary>
    public long TraceLimit { get; init; } = 512 << 20;
    /// <summary>How long from its first connection on a boot's reads are recorded.</summary>
    public TimeSpan Recording { get; init; } = TimeSpan.FromMinutes(3);

    public string KeyFile => Path.Combine(State, "server.key");
    public string TraceFolder => Path.Combine(State, "traces");
    public string IndexFolder => Path.Combine(State, "index");
}
