using System.Net;
using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.Ssh;

/// <summary>TCP channels and the way to nodes, through one connection.</summary>
public sealed class SshChannelTests : IAsyncLifetime
{
    SshServer _server = null!;
    SshFrontend _frontend = null!;

    public async Task InitializeAsync()
    {
        _server = await SshServer.StartAsync();
        _frontend = _server.Open();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [SshFact]
    public async Task Bytes_go_both_ways_until_it_is_closed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        byte[] sent = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
        Stream channel = await _frontend.ConnectAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        using TcpClient far = await listener.AcceptTcpClientAsync();
        Task echo = far.GetStream().CopyToAsync(far.GetStream());
        Task write = channel.WriteAsync(sent).AsTask();
        byte[] received = new byte[sent.Length];
        await channel.ReadExactlyAsync(received);
        await write;
        Assert.Equal(sent, received);
        await channel.DisposeAsync();
        await echo.WaitAsync(TimeSpan.FromSeconds(5)); // it has seen the end
        Assert.Equal(1, _server.Logins);
    }

    [SshFact]
    public async Task The_end_at_the_far_side_is_seen()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using Stream channel = await _frontend.ConnectAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        (await listener.AcceptTcpClientAsync()).Dispose();
        Assert.Equal(0, await channel.ReadAsync(new byte[1]));
    }

    [SshFact]
    public async Task A_waiting_read_can_be_cancelled()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using Stream channel = await _frontend.ConnectAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        using var stop = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.ReadAsync(new byte[1], stop.Token).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [SshTheory]
    [InlineData("127.0.0.1", "refused")]
    [InlineData("no-such-host.invalid", "known")]
    public async Task A_channel_that_is_refused(string host, string reason)
    {
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => _frontend.ConnectAsync(host, FreePort.Find()));
        Assert.Equal(("ChannelRefused", host), (e.Code, e.Target));
        Assert.Contains(reason, e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [SshFact]
    public async Task A_channel_to_a_host_that_does_not_answer()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        List<Socket> waiting = [];
        for (int i = 0; i < 3; i++) // fills the queue, so that no more are answered
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            try { socket.Connect(full.LocalEndPoint!); }
            catch (SocketException) { /* under way */ }
            waiting.Add(socket);
        }
        SshFrontend frontend = _server.Open(new FastTime(5));
        await frontend.OpenAsync();
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => frontend.ConnectAsync("127.0.0.1", ((IPEndPoint)full.LocalEndPoint!).Port));
        Assert.Equal("ChannelTimeout", e.Code);
        waiting.ForEach(s => s.Dispose());
    }

    [SshFact]
    public async Task Nodes_are_reached_without_a_login_each()
    {
        await using SshServer node = await SshServer.StartAsync("MaxStartups 100");
        NodeGate gate = _frontend.Gate;
        CommandRequest request = new([.. gate.Ssh, "-F", node.ClientConfig, "-p",
            node.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "127.0.0.1", "echo $SSH_CONNECTION"]);
        CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gate.Runner.RunAsync(request)));
        Assert.All(results, r => Assert.True(r.ExitStatus == 0, r.Error));
        Assert.Equal((20, 1), (node.Logins, _server.Logins));
    }
}
