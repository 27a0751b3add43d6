using System.Net.Sockets;
using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Streams;
using WaltG5k.Testbed.Walt;
using WaltG5k.Tests.Testbed;

namespace WaltG5k.Tests.Walt;

/// <summary>The client's streams and its shell against the emulated server.</summary>
public sealed class EmulatedStreamTests
{
    static async Task<List<string>> PingAsync(SmallWorld small, WaltServer server, string ip, int lines)
    {
        await using WaltStream stream = await server.OpenStreamAsync(WaltStreamRequest.DevicePing, PythonDict.Of(("device_ip", ip)), small.Limit);
        stream.IdleTimeout = TimeSpan.FromSeconds(10);
        List<string> read = [];
        while (read.Count < lines && await stream.ReadLineAsync(small.Limit) is string line) read.Add(line);
        return read;
    }

    [Fact]
    public async Task A_ping_answers_each_second_until_it_is_closed()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        small.PutUp(host, "gros-1");
        await using WaltServer server = small.Client(host);
        List<string> lines = await PingAsync(small, server, "192.168.204.2", 4);
        Assert.StartsWith("PING 192.168.204.2 ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("64 bytes from 192.168.204.2: icmp_seq=3 ", lines[3], StringComparison.Ordinal);
        Assert.InRange(small.Now, 2, 4);
        Assert.Contains("icmp_seq=1 Destination Host Unreachable", (await PingAsync(small, server, "192.168.204.3", 2))[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("device_name")]
    [InlineData(null)]
    public async Task Wrong_parameters_close_the_stream_without_a_word(string? name)
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        PythonDict parameters = name is null ? PythonDict.Empty : PythonDict.Of((name, "gros-1"));
        await using WaltStream stream = await server.OpenStreamAsync(WaltStreamRequest.DevicePing, parameters, small.Limit);
        Assert.Null(await stream.ReadLineAsync(small.Limit));
    }

    [Fact]
    public async Task An_unknown_request_is_refused()
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() =>
            server.OpenStreamAsync((WaltStreamRequest)99, PythonDict.Empty, small.Limit));
        Assert.Equal("WaltStreamRefused", failure.Code);
    }

    [Fact]
    public async Task A_pickle_that_would_run_something_closes_the_stream()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4);
        using TcpClient client = new();
        await client.ConnectAsync(small.World.Endpoints[(host.Node.Name, 12347)], small.Limit);
        await client.GetStream().WriteAsync("5\n"u8.ToArray(), small.Limit);
        byte[] ready = new byte[6];
        await client.GetStream().ReadExactlyAsync(ready, small.Limit);
        Assert.Equal("READY\n", Encoding.ASCII.GetString(ready));
        // The opcode by which a pickle names what is to be called.
        await client.GetStream().WriteAsync(new byte[] { 0x80, 4, (byte)'c' }, small.Limit);
        Assert.Equal(0, await client.GetStream().ReadAsync(ready, small.Limit));
    }

    [Theory]
    [InlineData("node_ip", "192.168.204.2", "/start.ipxe", "OK")]
    [InlineData("node_ip", "192.168.204.2", "/missing", "NO SUCH FILE")]
    [InlineData("node_ip", "192.168.204.9", "/start.ipxe", "NO SUCH FILE")]
    [InlineData("other", "x", "/start.ipxe", "NO MAC OR IP SPECIFIED")]
    public async Task Boot_files_come_as_a_node_gets_them(string key, string id, string path, string status)
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4, "gros-1"));
        await using WaltStream stream = await server.OpenStreamAsync(WaltStreamRequest.BootFile, PythonDict.Of((key, id), ("path", path)),
            small.Limit);
        Assert.Equal(status, await stream.ReadLineAsync(small.Limit));
        if (status != "OK") return;
        int size = int.Parse((await stream.ReadLineAsync(small.Limit))!, System.Globalization.CultureInfo.InvariantCulture);
        byte[] content = new byte[size];
        await stream.ReadExactlyAsync(content, small.Limit);
        Assert.StartsWith("#!ipxe", Encoding.ASCII.GetString(content), StringComparison.Ordinal);
        Assert.Null(await stream.ReadLineAsync(small.Limit));
    }

    static SmallWorld CreateWorld(out WaltHost host)
    {
        SmallWorld small = new();
        small.AddJob("nancy", 4, "gros-4", "gros-1");
        host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        return small;
    }

    [Fact]
    public async Task The_shell_runs_commands_as_root_on_the_server_and_passes_their_status()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        CommandResult result = await server.Shell.RunAsync(new CommandRequest("whoami"), cancellationToken: small.Limit);
        Assert.Equal((0, "root\n", "root@gros-4.nancy.grid5000.fr", "whoami"),
            (result.ExitStatus, result.Output, result.Frontend, result.Request.ToString()));
        Assert.Equal(1, (await server.Shell.RunAsync(new CommandRequest("cat", "/it's not there"), cancellationToken: small.Limit)).ExitStatus);
        Assert.Equal(0, (await server.Shell.RunShellAsync("cat /none || true", cancellationToken: small.Limit)).ExitStatus);
    }

    [Fact]
    public async Task Files_are_written_and_read_on_the_server()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        await server.Shell.WriteFileAsync("/etc/walt/server.spec", "{\"features\": [\"it's\"]}\n", small.Limit);
        Assert.Equal("{\"features\": [\"it's\"]}\n", await server.Shell.ReadFileAsync("/etc/walt/server.spec", small.Limit));
        await Assert.ThrowsAsync<CommandFailedException>(() => server.Shell.ReadFileAsync("/none", small.Limit));
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("cat /none", 1)]
    [InlineData("no-such-program", 127)]
    public async Task The_gate_leads_to_root_on_the_nodes_with_exit_status(string command, int status)
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        NodeGate gate = server.Shell.Gate;
        CommandResult result = await gate.Runner.RunAsync(new CommandRequest([.. gate.Ssh, "root@192.168.204.2", command]),
            cancellationToken: small.Limit);
        Assert.Equal(status, result.ExitStatus);
        CommandResult name = await gate.Runner.RunAsync(new CommandRequest([.. gate.Ssh, "root@192.168.204.2", "hostname"]),
            cancellationToken: small.Limit);
        Assert.Equal("gros-1\n", name.Output);
    }

    [Fact]
    public async Task A_server_that_ssh_does_not_reach_is_an_error_with_advice()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        small.World.Jobs.Clear();
        await using WaltServer server = small.Client(host);
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() =>
            server.Shell.RunAsync(new CommandRequest("true"), cancellationToken: small.Limit));
        Assert.Equal("WaltServerUnreachable", failure.Code);
        Assert.Contains("refuses your key", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_down_cannot_be_reached_from_the_server()
    {
        await using SmallWorld small = CreateWorld(out WaltHost host);
        await using WaltServer server = small.Client(host);
        small.Node("gros-1").Power = WaltG5k.Testbed.NodePower.Dead;
        NodeGate gate = server.Shell.Gate;
        CommandResult result = await gate.Runner.RunAsync(new CommandRequest([.. gate.Ssh, "root@192.168.204.2", "true"]),
            cancellationToken: small.Limit);
        Assert.Equal(255, result.ExitStatus);
        Assert.Contains("No route to host", result.Error, StringComparison.Ordinal);
    }
}
