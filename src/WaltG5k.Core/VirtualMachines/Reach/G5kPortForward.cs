using System.Net.Sockets;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Frontends.Ssh;
using WaltG5k.Core.VirtualMachines.Jobs;

namespace WaltG5k.Core.VirtualMachines.Reach;

/// <summary>
/// A port of a virtual machine, open on this machine. Its connections are channels of the one connection to the front-end; when that breaks it is
/// made again for the next of them, and a machine that was started anew elsewhere is found again.
/// </summary>
public sealed class G5kPortForward : IAsyncDisposable
{
    static readonly TimeSpan s_connect = TimeSpan.FromSeconds(10);

    readonly IFrontend _frontend;
    readonly Func<CancellationToken, Task<G5kVM>> _find;
    readonly PortRelay _relay;
    volatile G5kVM _vm;

    G5kPortForward(IFrontend frontend, TimeProvider time, G5kVM vm, int port, int localPort, Func<CancellationToken, Task<G5kVM>> find)
    {
        (_frontend, _vm, _find, Port) = (frontend, vm, find, port);
        OpenedAt = time.GetUtcNow();
        _relay = PortRelay.Open(localPort, ConnectAsync, CloseOutput);
    }

    public string VM => _vm.Name;
    public string Site => _vm.Site;
    /// <summary>Of the guest.</summary>
    public int Port { get; }
    /// <summary>On the loopback interface of this machine.</summary>
    public int LocalPort => _relay.LocalPort;
    /// <summary>Where the connections go to, as seen from the front-end.</summary>
    public string Target => Describe(_vm, Port);
    public DateTimeOffset OpenedAt { get; }
    public bool IsOpen => _relay.IsOpen;
    /// <summary>Connections that are open now.</summary>
    public int ActiveConnections => _relay.ActiveConnections;
    /// <summary>Connections that there were.</summary>
    public int ConnectionCount => _relay.ConnectionCount;
    /// <summary>Bytes to the guest.</summary>
    public long BytesSent => _relay.BytesSent;
    /// <summary>Bytes from the guest.</summary>
    public long BytesReceived => _relay.BytesReceived;
    /// <summary>Why the last connection that failed did so; empty when none has.</summary>
    public string LastError => _relay.LastError;
    public override string ToString() => FormattableString.Invariant($"localhost:{LocalPort} -> {VM}:{Port}");

    /// <param name="vm">As it is now.</param>
    /// <param name="localPort">0: any that is free.</param>
    /// <param name="find">Looks where the machine is, after a connection has failed.</param>
    /// <exception cref="G5kException"><c>VMNotRunning</c>, <c>PortInUse</c>, <c>GuestPortUnreachable</c>: there is no way to that port.</exception>
    public static async Task<G5kPortForward> OpenAsync(IGrid grid, G5kVM vm, int port, int localPort, Func<CancellationToken, Task<G5kVM>> find,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(vm);
        vm.ToTarget(); // it runs
        var forward = new G5kPortForward(grid.GetFrontend(vm.Site), grid.Time, vm, port, localPort, find);
        try
        {
            // Found out now rather than by whoever connects first.
            await using (await forward.ConnectAsync(cancellationToken).ConfigureAwait(false)) { }
            return forward;
        }
        catch
        {
            await forward.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        try { return await OpenChannelAsync(_vm, cancellationToken).ConfigureAwait(false); }
        catch (G5kException first) when (first.Code is not "GuestPortUnreachable")
        {
            G5kVM now = await _find(cancellationToken).ConfigureAwait(false);
            if (now.Address is null || now.Address == _vm.Address) throw;
            _vm = now;
            return await OpenChannelAsync(now, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>To its address in a subnet, to the port of its node that was opened for it, or else through its own sshd.</summary>
    async Task<Stream> OpenChannelAsync(G5kVM vm, CancellationToken cancellationToken)
    {
        if (vm.Ip is not null) return await _frontend.ConnectAsync(vm.Ip, Port, cancellationToken).ConfigureAwait(false);
        if (vm.Host is not null && vm.Ports.TryGetValue(Port, out int outer))
            return await _frontend.ConnectAsync(vm.Host, outer, cancellationToken).ConfigureAwait(false);
        NodeTarget target = vm.ToTarget();
        NodeGate gate = _frontend.Gate;
        string[] words =
        [
            .. gate.Ssh, .. SshOptions.For(s_connect, HostKeys.Ignored), "-p", FormattableString.Invariant($"{target.Port}"),
            "-W", FormattableString.Invariant($"localhost:{Port}"), "--", $"{target.User}@{target.Host}",
        ];
        return await gate.Runner.StartAsync(new CommandRequest(words), cancellationToken).ConfigureAwait(false) is { } program
            ? new ProgramStream(program)
            : throw new G5kException("GuestPortUnreachable", ErrorKind.ConnectionError,
            FormattableString.Invariant($"The node of {vm.Name} has no port that leads to port {Port} of it."), vm.Name,
                FormattableString.Invariant(
                $"Open it when the machine is made (New-G5kVM -Port {Port}), or give the machine an address: -Network Bridge"));
    }

    static bool CloseOutput(Stream stream)
    {
        switch (stream)
        {
            case NetworkStream network:
                network.Socket.Shutdown(SocketShutdown.Send);
                return true;
            case ProgramStream program:
                program.CloseOutput();
                return true;
            case ProcessStream process:
                process.CloseOutput();
                return true;
            default: return false;
        }
    }

    static string Describe(G5kVM vm, int port) => vm.Ip is not null ? FormattableString.Invariant($"{vm.Ip}:{port}")
        : vm.Ports.TryGetValue(port, out int outer) ? FormattableString.Invariant($"{vm.Host}:{outer}")
        : FormattableString.Invariant($"{vm.Address} -> {port}");
}
