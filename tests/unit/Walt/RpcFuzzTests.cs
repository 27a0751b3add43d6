using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Tests.Walt;

/// <summary>Whatever a server sends, a call ends: in its value, or in an error with a code.</summary>
public sealed class RpcFuzzTests
{
    const string Transcript = """
        10.0
        ('API_CALL', 'get_username', (), {})
        ('API_CALL', 'stdout.write', ('Node dahu-5 will now boot my-débian.\n',), {})
        ('API_CALL', 'set_busy_label', ("it's busy",), {})
        ('RESULT', ({'mac': 'b0:26', 'booted': False, 'x': [1, -2.5e-05, None, b'\x00a']},))

        """;

    static readonly HashSet<string> s_codes = ["RpcConnectionLost", "RpcProtocolError", "RpcServerFailure", "WaltVersionUnsupported", "RpcTimeout"];

    /// <summary>One call against a server that sends these bytes and closes; null when it gave a value.</summary>
    static async Task<G5kException?> CallAsync(byte[] bytes)
    {
        (Stream client, Stream server) = DuplexStream.CreatePair();
        await server.WriteAsync(bytes);
        await server.DisposeAsync();
        try
        {
            await using RpcSession session = await RpcSession.OpenAsync(client, "server", RpcApi.Client,
                new RpcCallbacks("jdoe", SilentReporter.Instance), TimeProvider.System);
            await session.CallAsync(new RpcCall("get_nodes_info", "all-nodes") { Timeout = TimeSpan.FromSeconds(20) });
            return null;
        }
        catch (G5kException e)
        {
            return e;
        }
    }

    [Fact]
    public async Task A_connection_that_ends_at_any_byte_is_lost()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Transcript);
        for (int length = 0; length < whole.Length; length++)
        {
            G5kException? failure = await CallAsync(whole[..length]);
            // The two bytes of "é" may be cut apart, and the greeting may be cut to another version: 10.0 to 1.
            Assert.True(failure is not null && s_codes.Contains(failure.Code) && failure.Code != "RpcTimeout",
                $"{length}: {failure?.Code ?? "a value"}");
            Assert.False(string.IsNullOrEmpty(failure!.Recommendation));
        }
        Assert.Null(await CallAsync(whole));
    }

    [Fact]
    public async Task Garbage_ends_in_a_value_or_in_an_error_with_a_code()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Transcript);
        Random random = new(7);
        int failures = 0;
        for (int i = 0; i < 1_500; i++)
        {
            byte[] bytes = [.. whole];
            for (int changes = random.Next(1, 6); changes > 0; changes--) bytes[random.Next(5, bytes.Length)] = (byte)random.Next(256);
            G5kException? failure = await CallAsync(bytes);
            if (failure is null) continue;
            failures++;
            Assert.Contains(failure.Code, s_codes);
        }
        Assert.InRange(failures, 500, 1_500);
    }

    [Fact]
    public async Task A_line_without_end_is_cut_off()
    {
        byte[] bytes = [.. "10.0\n('RESULT', '"u8, .. Enumerable.Repeat((byte)'x', (16 << 20) + 4096)];
        G5kException? failure = await CallAsync(bytes);
        Assert.Equal("RpcProtocolError", failure?.Code);
        Assert.Contains("16 MiB", failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callbacks_without_end_run_into_the_time_limit_of_the_call()
    {
        using ScriptedWalt walt = new();
        walt.On("get_nodes_info", async (server, _) =>
        {
            while (await server.CallBackAsync("stdout.write", "('more\\n',)") is not null)
            {
            }
            return null;
        });
        await using RpcSession session = await RpcSession.OpenAsync(await walt.ConnectAsync("server", 12345), "server", RpcApi.Client,
            new RpcCallbacks("jdoe", SilentReporter.Instance), TimeProvider.System);
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() =>
            session.CallAsync(new RpcCall("get_nodes_info") { Timeout = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal("RpcTimeout", failure.Code);
    }

    [Theory]
    [InlineData("stdin.readline", "()", "''")]
    [InlineData("stdin.fileno", "()", "0")]
    [InlineData("stderr.fileno", "()", "2")]
    [InlineData("stdin.isatty", "()", "False")]
    [InlineData("get_win_size", "()", "{'cols': 80, 'rows': 25}")]
    [InlineData("get_registry_username", "('hub',)", "'jdoe-hub'")]
    [InlineData("get_registry_username", "('other',)", "None")]
    [InlineData("get_registry_encrypted_credentials", "('hub', 5)", "None")]
    [InlineData("filesystem.get_file_type", "('./data',)", "'d'")]
    [InlineData("filesystem.get_file_type", "('./none',)", "None")]
    [InlineData("filesystem.get_completions", "('./d',)", "('./data/',)")]
    [InlineData("something_new[\"x\"]", "()", "None")]
    public async Task Every_callback_is_answered(string path, string arguments, string answer)
    {
        using ScriptedWalt walt = new();
        string? given = null;
        walt.On("call", async (server, _) =>
        {
            given = await server.CallBackAsync(path, arguments);
            return "None";
        });
        RpcCallbacks callbacks = new("jdoe", SilentReporter.Instance) { RegistryUser = label => label == "hub" ? "jdoe-hub" : null,
            Files = new OneFolder() };
        await using RpcSession session = await RpcSession.OpenAsync(await walt.ConnectAsync("server", 12345), "server", RpcApi.Client, callbacks,
            TimeProvider.System);
        await session.CallAsync(new RpcCall("call"));
        Assert.Equal(answer, given);
    }

    sealed class OneFolder : IRpcFileSystem
    {
        public Task<string?> GetFileTypeAsync(string path, CancellationToken cancellationToken) => Task.FromResult(path == "./data" ? "d" : null);
        public Task<IReadOnlyList<string>> GetCompletionsAsync(string partialPath, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>(["./data/"]);
    }

    sealed class Listener : IReporter
    {
        public List<string> Verboses { get; } = [];
        public List<ProgressUpdate> Updates { get; } = [];
        public void Verbose(string message) => Verboses.Add(message);
        public void Warning(string message) => Verboses.Add(message);
        public void Progress(ProgressUpdate update) => Updates.Add(update);
    }

    [Fact]
    public async Task Busy_labels_are_progress_that_ends_with_the_call_and_unknown_callbacks_are_told()
    {
        using ScriptedWalt walt = new();
        walt.On("call", async (server, _) =>
        {
            await server.CallBackAsync("set_busy_label", "('Waiting for bootup of node dahu-5',)");
            await server.CallBackAsync("something_new");
            return "None";
        });
        Listener listener = new();
        await using RpcSession session = await RpcSession.OpenAsync(await walt.ConnectAsync("server", 12345), "server", RpcApi.Client,
            new RpcCallbacks("jdoe", listener), TimeProvider.System);
        await session.CallAsync(new RpcCall("call"));
        Assert.Equal([false, true], listener.Updates.Select(u => u.Completed));
        Assert.All(listener.Updates, u => Assert.Equal("Waiting for bootup of node dahu-5", u.Status));
        Assert.Contains(listener.Verboses, v => v.Contains("'something_new'", StringComparison.Ordinal));
    }
}
