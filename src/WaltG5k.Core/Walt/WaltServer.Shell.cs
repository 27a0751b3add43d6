using WaltG5k.Core.Walt.Shell;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    ServerFrontend? _shell;

    /// <summary>
    /// Root's shell on the server, by ssh from <see cref="Frontend"/>. Its channels lead to ports of the nodes, its gate to root on them. On a server
    /// that is not one's own, ssh may be refused: each use then throws <c>WaltServerUnreachable</c>.
    /// </summary>
    public ServerFrontend Shell => _shell ??= new ServerFrontend(Frontend, Host,
        async (host, port, token) => await ConnectNodeAsync(host, port, token).ConfigureAwait(false))
    {
        HasNewHostKeys = HasNewHostKeys,
    };

    /// <summary>Whether the server was deployed for this use, with new host keys; false for one that lasts.</summary>
    public bool HasNewHostKeys { get; init; } = true;
}
