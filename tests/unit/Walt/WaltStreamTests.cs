using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Streams;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Walt;

/// <summary>The stream port, byte by byte.</summary>
public sealed class WaltStreamTests : IDisposable
{
    static readonly CancellationTokenSource s_limit = new(TimeSpan.FromSeconds(30));

    readonly VirtualClock _clock = new(DateTimeOffset.UnixEpoch, 0);

    /// <summary>A server whose stream port does what the test says.</summary>
    sealed class ScriptedPort(Func<Stream, Task> serve) : IFrontend
    {
        public (string Host, int Port) Target { get; private set; }
        public string Site => "nancy";
        public string Name => "fnancy";
        public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
            CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
        {
            Target = (host, port);
            (Stream client, Stream server) = DuplexStream.CreatePair();
            _ = Task.Run(async () =>
            {
                await using (server) await serve(server);
            }, CancellationToken.None);
            return Task.FromResult(client);
        }
    }

    WaltServer CreateServer(ScriptedPort port) => new(port, "dahu-4", "walt-g5k", _clock);

    static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, s_limit.Token);
        return bytes;
    }

    static async Task<string> ReadTextAsync(Stream stream, int count) => Encoding.ASCII.GetString(await ReadAsync(stream, count));

    [Fact]
    public async Task The_server_says_READY_before_it_gets_the_parameters_and_its_data_follow()
    {
        PythonDict parameters = PythonDict.Of(("device_ip", "192.168.204.2"));
        byte[] pickle = PickleWriter.Write(parameters);
        List<string> seen = [];
        ScriptedPort port = new(async stream =>
        {
            seen.Add(await ReadTextAsync(stream, 2));
            await stream.WriteAsync("READY\nPING 192"u8.ToArray());
            seen.Add(Convert.ToHexString(await ReadAsync(stream, pickle.Length)));
            await stream.WriteAsync(".168.204.2\nmore"u8.ToArray());
        });
        await using WaltServer server = CreateServer(port);
        await using WaltStream stream = await server.OpenStreamAsync(WaltStreamRequest.DevicePing, parameters, s_limit.Token);
        Assert.Equal("PING 192.168.204.2", await stream.ReadLineAsync(s_limit.Token));
        byte[] rest = new byte[8];
        Assert.Equal("more", Encoding.ASCII.GetString(rest, 0, await stream.ReadAsync(rest, s_limit.Token)));
        Assert.Equal(0, await stream.ReadAsync(rest, s_limit.Token));
        Assert.Equal(("dahu-4", 12347), port.Target);
        Assert.Equal(["5\n", Convert.ToHexString(pickle)], seen);
    }

    [Theory]
    [InlineData("", "closed the connection")]
    [InlineData("HELLO\n", "answered 'HELLO'")]
    public async Task Another_answer_than_READY_is_refused(string answer, string why)
    {
        await using WaltServer server = CreateServer(new ScriptedPort(async stream => await stream.WriteAsync(Encoding.ASCII.GetBytes(answer))));
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() =>
            server.OpenStreamAsync(WaltStreamRequest.DumpLogs, PythonDict.Empty, s_limit.Token));
        Assert.Equal("WaltStreamRefused", failure.Code);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.Contains("journalctl", failure.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_server_is_given_up_after_half_a_minute()
    {
        await using WaltServer server = CreateServer(new ScriptedPort(stream => Task.Delay(Timeout.Infinite, s_limit.Token)));
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() =>
            server.OpenStreamAsync(WaltStreamRequest.DumpLogs, PythonDict.Empty, s_limit.Token));
        Assert.Equal("WaltStreamTimeout", failure.Code);
        Assert.Equal(30, (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
    }

    [Fact]
    public async Task A_stream_may_be_idle_for_as_long_as_it_is_told()
    {
        await using WaltServer server = CreateServer(new ScriptedPort(async stream =>
        {
            await stream.WriteAsync("READY\n"u8.ToArray());
            await Task.Delay(Timeout.Infinite, s_limit.Token);
        }));
        await using WaltStream stream = await server.OpenStreamAsync(WaltStreamRequest.NodeCommand, PythonDict.Empty, s_limit.Token);
        stream.IdleTimeout = TimeSpan.FromSeconds(20);
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() => stream.ReadLineAsync(s_limit.Token));
        Assert.Equal("WaltStreamTimeout", failure.Code);
        Assert.Equal(20, (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
    }

    [Fact]
    public async Task A_cancelled_opening_is_cancelled()
    {
        using CancellationTokenSource cancelled = new();
        await using WaltServer server = CreateServer(new ScriptedPort(async stream =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, s_limit.Token);
        }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            server.OpenStreamAsync(WaltStreamRequest.DumpLogs, PythonDict.Empty, cancelled.Token));
    }

    [Theory]
    [InlineData("OK\n")]
    [InlineData("READY\nOK\n")]
    public async Task A_connection_to_a_node_sends_its_parameters_at_once(string status)
    {
        byte[] pickle = PickleWriter.Write(PythonDict.Of(("node_ip", "192.168.204.2"), ("node_port", 80)));
        ScriptedPort port = new(async stream =>
        {
            Assert.Equal("11\n", await ReadTextAsync(stream, 3));
            Assert.Equal(pickle, await ReadAsync(stream, pickle.Length));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(status));
            await stream.WriteAsync(await ReadAsync(stream, 4));
        });
        await using WaltServer server = CreateServer(port);
        await using Stream node = await server.Shell.ConnectAsync("192.168.204.2", 80, s_limit.Token);
        await node.WriteAsync("ping"u8.ToArray(), s_limit.Token);
        Assert.Equal("ping", await ReadTextAsync(node, 4));
    }

    [Fact]
    public async Task A_port_that_nothing_listens_on_is_an_error()
    {
        await using WaltServer server = CreateServer(new ScriptedPort(async stream =>
        {
            await ReadAsync(stream, 4);
            await stream.WriteAsync("Could not connect to 192.168.204.2:81!\n"u8.ToArray());
        }));
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() => server.ConnectNodeAsync("192.168.204.2", 81, s_limit.Token));
        Assert.Equal("NodePortUnreachable", failure.Code);
        Assert.Contains("Could not connect", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _clock.Dispose();
}
