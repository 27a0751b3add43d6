using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Walt;

public sealed class RpcSessionTests : IDisposable
{
    readonly ScriptedWalt _walt = new();

    public void Dispose() => _walt.Dispose();

    async Task<RpcSession> OpenAsync(RpcCallbacks? callbacks = null, TimeProvider? time = null) =>
        await RpcSession.OpenAsync(await _walt.ConnectAsync("server", WaltServer.RpcPort), "server", RpcApi.Client,
        callbacks ?? new RpcCallbacks("jdoe", SilentReporter.Instance), time ?? TimeProvider.System);

    static async Task<G5kException> FailsAsync(string code, Func<Task> action)
    {
        G5kException failure = await Assert.ThrowsAsync<G5kException>(action);
        Assert.Equal(code, failure.Code);
        Assert.False(string.IsNullOrEmpty(failure.Recommendation));
        return failure;
    }

    [Fact]
    public async Task A_session_begins_with_the_request_number_and_the_api()
    {
        await using RpcSession session = await OpenAsync();
        Assert.Equal("10.0", session.ServerVersion);
        Assert.Equal("10 CSAPI", Assert.Single(_walt.Greetings));
        Assert.True(session.IsUsable);
    }

    [Theory]
    [InlineData("9.0")]
    [InlineData("11.0")]
    [InlineData("100.1")]
    [InlineData("SSH-2.0-OpenSSH_9.2")]
    public async Task Another_version_is_refused(string version)
    {
        _walt.Version = version;
        Assert.Contains(version, (await FailsAsync("WaltVersionUnsupported", () => OpenAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_is_one_line_and_its_result_is_given()
    {
        _walt.On("get_nodes_info", "({'name': 'dahu-1', 'booted': False},)");
        await using RpcSession session = await OpenAsync();
        RpcResult result = await session.CallAsync(
            new RpcCall("get_nodes_info", "it's \"me\"\n", true) { Keywords = new PythonDict([new("cause", "x")]) });
        Assert.Equal("('API_CALL', 'get_nodes_info', ('it\\'s \"me\"\\n', True), {'cause': 'x'})", Assert.Single(_walt.Calls));
        Assert.Equal("dahu-1", ((PythonDict)((PythonTuple)result.Value).Items[0])["name"]!.AsString());
        Assert.True(session.IsUsable);
    }

    [Fact]
    public async Task Callbacks_are_answered_in_order_and_what_is_printed_is_collected_by_lines()
    {
        List<string?> answers = [];
        _walt.On("set_image", async (server, _) =>
        {
            foreach (string path in new[] { "get_username", "is_alive", "get_client_type", "stdout.get_encoding", "stderr.isatty", "stdout.flush",
                "set_default_busy_label", "something_new" })
                answers.Add(await server.CallBackAsync(path));
            answers.Add(await server.CallBackAsync("set_busy_label", "('Waiting',)"));
            answers.Add(await server.CallBackAsync("has_hook", "('client_hard_reboot',)"));
            await server.PrintErrorAsync("Error: No such ");
            await server.PrintErrorAsync("image 'é'.\nagain\n");
            await server.PrintAsync("Node a will now boot b.\n");
            return "False";
        });
        await using RpcSession session = await OpenAsync();
        RpcResult result = await session.CallAsync(new RpcCall("set_image", "a", "é"));
        Assert.Equal(["'jdoe'", "True", "'api'", "'UTF-8'", "False", "None", "None", "None", "None", "False"], answers);
        Assert.Equal(["Error: No such image 'é'.", "again"], result.Errors);
        Assert.Equal(["Node a will now boot b."], result.Output);
        Assert.False(result.Value.IsTrue);
    }

    [Fact]
    public async Task The_hard_reboot_hook_tells_who_failed()
    {
        List<string?> answers = [];
        _walt.On("reboot_nodes", async (server, _) =>
        {
            answers.Add(await server.CallBackAsync("has_hook", "('client_hard_reboot',)"));
            answers.Add(await server.CallBackAsync("has_hook", "('another',)"));
            answers.Add(await server.CallBackAsync("get_hard_reboot_method_name"));
            answers.Add(await server.CallBackAsync("hard_reboot_nodes", "(('m1', 'm2'),)"));
            return "'FAILED'";
        });
        RpcCallbacks callbacks = new("jdoe", SilentReporter.Instance) { HardReboot =
            (macs, _) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { ["m2"] = "no answer" }) };
        await using RpcSession session = await OpenAsync(callbacks);
        await session.CallAsync(new RpcCall("reboot_nodes", "a,b"));
        Assert.Equal(["True", "False", "'kareboot3'", "(('m1',), {'m2': 'no answer'})"], answers);
    }

    [Fact]
    public async Task A_server_that_stays_silent_ends_in_a_timeout_that_closes_the_session()
    {
        using VirtualClock clock = new(DateTimeOffset.UnixEpoch, 0);
        await using RpcSession session = await OpenAsync(time: clock);
        G5kException failure = await FailsAsync("RpcTimeout",
            () => session.CallAsync(new RpcCall("no_such_method") { Timeout = TimeSpan.FromSeconds(45) }));
        Assert.Contains("no_such_method in 45 s", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.OperationTimeout, failure.Kind);
        Assert.False(session.IsUsable);
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.CallAsync(new RpcCall("get_time")));
    }

    [Fact]
    public async Task A_server_that_does_not_greet_ends_in_a_timeout()
    {
        using VirtualClock clock = new(DateTimeOffset.UnixEpoch, 0);
        (Stream client, Stream mute) = DuplexStream.CreatePair();
        await FailsAsync("RpcTimeout", () => RpcSession.OpenAsync(client, "server", RpcApi.Client, new RpcCallbacks("jdoe", SilentReporter.Instance),
            clock));
        await mute.DisposeAsync();
    }

    [Fact]
    public async Task Our_own_work_in_a_callback_is_not_charged_to_the_server()
    {
        using VirtualClock clock = new(DateTimeOffset.UnixEpoch, 0);
        RpcCallbacks callbacks = new("jdoe", SilentReporter.Instance)
        {
            HardReboot = async (_, token) =>
            {
                await Task.Delay(TimeSpan.FromMinutes(10), clock, token);
                return new Dictionary<string, string>();
            },
        };
        _walt.On("reboot_nodes", async (server, _) =>
        {
            await server.CallBackAsync("hard_reboot_nodes", "(('m1',),)");
            return "'OK'";
        });
        await using RpcSession session = await OpenAsync(callbacks, clock);
        Assert.Equal("OK", (await session.CallAsync(new RpcCall("reboot_nodes", "a") { Timeout = TimeSpan.FromSeconds(30) })).Value.AsString());
    }

    [Fact]
    public async Task A_connection_closed_in_the_middle_of_a_call_is_lost()
    {
        _walt.On("get_time", "CLOSE");
        await using RpcSession session = await OpenAsync();
        Assert.Equal(ErrorKind.ConnectionError, (await FailsAsync("RpcConnectionLost", () => session.CallAsync(new RpcCall("get_time")))).Kind);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("('RESULT', 1")]
    [InlineData("('RESULT',)")]
    [InlineData("('SOMETHING', 1)")]
    [InlineData("['RESULT', 1]")]
    [InlineData("('API_CALL', 'stdout.write')")]
    public async Task What_is_no_message_is_a_protocol_error(string line)
    {
        _walt.On("get_time", async (server, _) =>
        {
            await server.WriteAsync(line);
            return null;
        });
        await using RpcSession session = await OpenAsync();
        Assert.Contains(line, (await FailsAsync("RpcProtocolError", () => session.CallAsync(new RpcCall("get_time")))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_a_protocol_error()
    {
        _walt.On("get_time", async (server, _) =>
        {
            await server.WriteRawAsync([0x80, 0x04, 0xff, (byte)'\n']);
            return null;
        });
        await using RpcSession session = await OpenAsync();
        await FailsAsync("RpcProtocolError", () => session.CallAsync(new RpcCall("get_time")));
    }

    [Fact]
    public async Task An_exception_that_the_server_admits_is_told()
    {
        _walt.On("get_time", async (server, _) =>
        {
            await server.WriteAsync("('EXCEPTION', 'KeyError: 1')");
            return null;
        });
        await using RpcSession session = await OpenAsync();
        Assert.Contains("KeyError: 1", (await FailsAsync("RpcServerFailure", () => session.CallAsync(new RpcCall("get_time")))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_call_closes_the_connection()
    {
        using CancellationTokenSource cancel = new();
        TaskCompletionSource<string?> gone = new();
        _walt.On("wait_for_nodes", async (server, _) =>
        {
            cancel.CancelAfter(1);
            gone.SetResult(await server.ReadAsync());
            return null;
        });
        await using RpcSession session = await OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.CallAsync(new RpcCall("wait_for_nodes", "a"), cancel.Token));
        Assert.Null(await gone.Task);
        Assert.False(session.IsUsable);
    }

    [Fact]
    public async Task Only_one_call_is_open_at_a_time()
    {
        TaskCompletionSource called = new(), release = new();
        _walt.On("get_time", async (_, _) =>
        {
            called.SetResult();
            await release.Task;
            return "1";
        });
        await using RpcSession session = await OpenAsync();
        Task<RpcResult> first = session.CallAsync(new RpcCall("get_time"));
        await called.Task;
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.CallAsync(new RpcCall("get_time")));
        release.SetResult();
        Assert.Equal(1, (await first).Value);
    }

    [Fact]
    public async Task Long_lines_and_lines_in_pieces_arrive_whole()
    {
        string big = new('x', 300_000);
        _walt.On("get_nodes_info", async (server, _) =>
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes($"('RESULT', '{big}é')\n");
            await server.WriteRawAsync(bytes[..^4]);
            await Task.Yield();
            await server.WriteRawAsync(bytes[^4..]);
            return null;
        });
        await using RpcSession session = await OpenAsync();
        for (int i = 0; i < 3; i++) Assert.Equal(big + "é", (await session.CallAsync(new RpcCall("get_nodes_info", "a"))).Value.AsString());
    }
}
