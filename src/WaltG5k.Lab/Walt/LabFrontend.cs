using System.Net;
using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Lab.Network;
using WaltG5k.Lab.Processes;

namespace WaltG5k.Lab.Walt;

/// <summary>
/// From where the lab's server is reached: channels begin in its network, and ssh to root on it is a shell in its namespaces – the lab's server has
/// no sshd of its own. From there ssh to the nodes is the real one.
/// </summary>
sealed class LabFrontend(LabContainer server, string host) : IFrontend
{
    /// <summary>Programs that the server has instead of those of this machine.</summary>
    public const string ProgramFolder = "/run/lab/bin";
    const string SearchPath = ProgramFolder + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(10);

    readonly LocalFrontend _machine = new("lab");

    public string Site => "";
    public string Name => "the lab";

    public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default) =>
        _machine.RunAsync(Enter(request), onLine, cancellationToken);

    public Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default) =>
        _machine.RunInteractiveAsync(Enter(request), terminal, cancellationToken);

    public Task<IRunningProgram?> StartAsync(CommandRequest request, CancellationToken cancellationToken = default) =>
        _machine.StartAsync(Enter(request), cancellationToken);

    public async Task<Stream> ConnectAsync(string host1, int port, CancellationToken cancellationToken = default)
    {
        IPAddress address = host1 == host ? LabNetwork.Server : IPAddress.TryParse(host1, out IPAddress? ip)
            ? ip
            : throw Refused(host1, port, "the lab knows no such host");
        if (!server.IsAlive) throw Refused(host1, port, "the lab is gone");
        Socket socket = server.Network.CreateSocket();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_connectLimit);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw Refused(host1, port, e is SocketException ? e.Message : "no answer");
        }
    }

    CommandRequest Enter(CommandRequest request)
    {
        bool isShell = request.Program == "ssh" && request.Arguments is [.., "--", _, _] && request.Arguments[^2] == "root@" + host;
        IReadOnlyList<string> words = isShell ? ["sh", "-c", request.Arguments[^1]] : request.Arguments;
        return request with { Arguments = server.Enter(["env", "PATH=" + SearchPath, .. words]) };
    }

    static G5kException Refused(string host, int port, string why) =>
        new("ChannelRefused", ErrorKind.ConnectionError, FormattableString.Invariant($"{host}:{port} cannot be reached: {why}."), host,
        "See what runs: Get-WaltLab");
}
