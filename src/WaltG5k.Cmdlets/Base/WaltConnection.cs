using WaltG5k.Core.Walt;

namespace WaltG5k;

/// <summary>A WalT server that Connect-WaltServer reached, of a deployment or of any WalT platform.</summary>
public sealed class WaltConnection
{
    readonly Func<Core.IReporter, WaltServer> _open;

    /// <param name="open">Makes a client of the server; the caller disposes it.</param>
    internal WaltConnection(string computerName, string userName, string serverVersion, string through, DateTimeOffset connectedAt,
        Func<Core.IReporter, WaltServer> open)
    {
        ComputerName = computerName;
        UserName = userName;
        ServerVersion = serverVersion;
        Through = through;
        ConnectedAt = connectedAt;
        _open = open;
    }

    public string ComputerName { get; }
    /// <summary>The name that owns what this connection makes on the server.</summary>
    public string UserName { get; }
    public string ServerVersion { get; }
    /// <summary>From where it is reached: a front-end, an ssh destination, or this machine.</summary>
    public string Through { get; }
    public DateTimeOffset ConnectedAt { get; }

    internal WaltServer Open(Core.IReporter reporter) => _open(reporter);
    public override string ToString() => ComputerName;
}
