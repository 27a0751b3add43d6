using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Testbed.Walt;
using WaltG5k.Tests.Testbed;

namespace WaltG5k.Tests.Walt;

/// <summary>Log lines and checkpoints, from the emulated server.</summary>
public sealed class EmulatedLogTests
{
    static async Task<List<string>> ReadAsync(IAsyncEnumerable<WaltLogLine> lines, CancellationToken limit, int most = int.MaxValue)
    {
        List<string> read = [];
        await foreach (WaltLogLine line in lines.WithCancellation(limit))
        {
            read.Add(line.Line);
            if (read.Count == most) break;
        }
        return read;
    }

    static void Log(SmallWorld small, WaltHost host, double second, string line, string stream = "app", string issuer = "gros-1")
    {
        lock (small.World.Sync) host.Log(SmallWorld.Start.AddSeconds(second), line, stream, issuer);
    }

    static async Task<string> FailAsync(Func<Task> action)
    {
        G5kException failure = await Assert.ThrowsAsync<G5kException>(action);
        Assert.False(string.IsNullOrEmpty(failure.Recommendation));
        return failure.Code;
    }

    [Fact]
    public async Task History_is_chosen_by_time_issuer_stream_and_line()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        Log(small, host, -10, "old");
        Log(small, host, -5, "starts at 12:00");
        Log(small, host, -4, "fails with 7", issuer: "gros-2");
        Log(small, host, -3, "node gros-1 is booted", "platform.nodes", "walt-server");
        await using WaltServer server = small.Client(host);
        Task<List<string>> Get(WaltLogQuery query) => ReadAsync(server.GetLogsAsync(query), small.Limit);

        Assert.Equal(["old", "starts at 12:00", "fails with 7", "node gros-1 is booted"], await Get(new WaltLogQuery()));
        Assert.Equal(["node gros-1 is booted", "fails with 7", "starts at 12:00", "old"], await Get(new WaltLogQuery { NewestFirst = true }));
        Assert.Equal(["starts at 12:00", "fails with 7"],
            await Get(new WaltLogQuery { From = SmallWorld.Start.AddSeconds(-5), To = SmallWorld.Start.AddSeconds(-4) }));
        Assert.Equal(["fails with 7"], await Get(new WaltLogQuery { Issuers = ["gros-2"] }));
        Assert.Equal(["fails with 7", "node gros-1 is booted"], await Get(new WaltLogQuery { Issuers = ["gros-2", "walt-server"] }));
        Assert.Equal(["node gros-1 is booted"], await Get(new WaltLogQuery { Stream = "^platform" }));
        Assert.Equal(["node gros-1 is booted"], await Get(new WaltLogQuery { Stream = @"^platform\.nodes$" }));
        Assert.Equal(["starts at 12:00", "fails with 7"], await Get(new WaltLogQuery { Pattern = "[[:digit:]]$" }));
        Assert.Equal(2, await server.CountLogsAsync(new WaltLogQuery { Issuers = ["gros-1"] }, small.Limit));
        Assert.Equal(1, await server.CountLogsAsync(new WaltLogQuery { Stream = "app", Pattern = "fails", From = SmallWorld.Start.AddSeconds(-6) },
            small.Limit));
    }

    [Fact]
    public async Task Ranges_and_expressions_that_are_none_are_refused_before_anything_is_sent()
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        Assert.Equal("LogRangeInvalid", await FailAsync(() =>
            ReadAsync(server.GetLogsAsync(new WaltLogQuery { From = SmallWorld.Start, To = SmallWorld.Start.AddSeconds(-1) }), small.Limit)));
        Assert.Equal("PatternInvalid", await FailAsync(() => ReadAsync(server.GetLogsAsync(new WaltLogQuery { Pattern = "a(" }), small.Limit)));
        Assert.Equal("PatternInvalid", await FailAsync(() => ReadAsync(server.FollowLogsAsync(new WaltLogQuery { Pattern = @"\d" }), small.Limit)));
        Assert.Empty(await ReadAsync(server.GetLogsAsync(new WaltLogQuery { From = SmallWorld.Start.AddDays(1) }), small.Limit));
        Assert.Empty(await ReadAsync(server.GetLogsAsync(new WaltLogQuery { To = DateTimeOffset.UnixEpoch }), small.Limit));
    }

    [Fact]
    public async Task Many_lines_come_in_pages_without_one_too_few_or_too_many()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        int count = 2 * LogPager.PageSize + 1;
        // Bursts of a thousand lines of one moment among them.
        for (int i = 0; i < count; i++) Log(small, host, -count / 100 + i / 1000 * 7.000001, $"line {i}");
        await using WaltServer server = small.Client(host);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"line {i}"),
            await ReadAsync(server.GetLogsAsync(new WaltLogQuery { To = SmallWorld.Start }), small.Limit));
        Assert.Equal($"line {count - 1}", Assert.Single(
            await ReadAsync(server.GetLogsAsync(new WaltLogQuery { NewestFirst = true }), small.Limit, 1)));
    }

    [Fact]
    public async Task Lines_are_followed_from_now_on_and_filtered()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        Log(small, host, -5, "before");
        await using WaltServer server = small.Client(host);
        IAsyncEnumerator<WaltLogLine> lines = server.FollowLogsAsync(new WaltLogQuery { Issuers = ["gros-1"], Pattern = "^step" }, small.Limit)
            .GetAsyncEnumerator(small.Limit);
        await using (lines)
        {
            ValueTask<bool> next = lines.MoveNextAsync();
            await small.UntilAsync(() => host.FollowerCount == 1);
            Log(small, host, 1, "noise");
            Log(small, host, 1, "step 1", issuer: "gros-2");
            Log(small, host, 1.25, "step 2 ✓");
            Assert.True(await next);
            Assert.Equal(new WaltLogLine(SmallWorld.Start.AddSeconds(1.25), "gros-1", "app", "step 2 ✓"), lines.Current);
        }
        await small.UntilAsync(() => host.FollowerCount == 0);
    }

    [Fact]
    public async Task A_server_that_restarts_costs_no_line_and_doubles_none()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        await using WaltServer server = small.Client(host);
        Log(small, host, -3, "a");
        Log(small, host, -1, "same");
        Log(small, host, -1, "same");
        Task<List<string>> following = Task.Run(() =>
            ReadAsync(server.FollowLogsAsync(new WaltLogQuery { From = SmallWorld.Start.AddSeconds(-10) }), small.Limit, 6));
        await small.UntilAsync(() => host.FollowerCount == 1);
        await small.PassAsync(1);
        host.Stop();
        Log(small, host, 1, "while away");
        Log(small, host, -1, "same");
        host.Start();
        await small.UntilAsync(() => host.FollowerCount == 1);
        Log(small, host, 2, "back");
        Assert.Equal(["a", "same", "same", "same", "while away", "back"], await small.AwaitAsync(following));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_given_up()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        await using WaltServer server = small.Client(host);
        Task<List<string>> following = Task.Run(() => ReadAsync(server.FollowLogsAsync(new WaltLogQuery()), small.Limit));
        await small.UntilAsync(() => host.FollowerCount == 1);
        host.Stop();
        Assert.Equal("LogStreamLost", await FailAsync(() => small.AwaitAsync(following)));
        Assert.InRange(small.Now, 118, 130);
    }

    [Fact]
    public async Task A_line_is_waited_for_from_any_node_or_from_each()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        await using WaltServer server = small.Client(host);
        Log(small, host, -20, "ready");
        Log(small, host, -2, "ready", issuer: "gros-2");
        WaltLogQuery query = new() { Issuers = ["gros-1", "gros-2"], Pattern = "^ready$", From = SmallWorld.Start.AddSeconds(-5) };
        Assert.Equal(["ready"], await ReadAsync(server.WaitForLogsAsync(query, false, TimeSpan.FromSeconds(10), small.Limit), small.Limit));
        Assert.InRange(small.Now, 0, 1);

        Task<List<string>> each = Task.Run(() => ReadAsync(server.WaitForLogsAsync(query, true, TimeSpan.FromSeconds(10), small.Limit), small.Limit));
        await small.UntilAsync(() => host.FollowerCount == 1);
        Log(small, host, 1, "ready");
        Assert.Equal(2, (await small.AwaitAsync(each)).Count);
    }

    [Fact]
    public async Task A_wait_ends_with_its_time()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        await using WaltServer server = small.Client(host);
        Log(small, host, -2, "ready", issuer: "gros-2");
        WaltLogQuery query = new() { Issuers = ["gros-1", "gros-2"], Pattern = "ready", From = SmallWorld.Start.AddSeconds(-5) };
        Assert.Single(await ReadAsync(server.WaitForLogsAsync(query, true, TimeSpan.FromSeconds(10), small.Limit), small.Limit));
        Assert.InRange(small.Now, 10, 12);
    }

    [Fact]
    public async Task Checkpoints_are_kept_by_user()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4);
        await using WaltServer server = small.Client(host);
        Assert.Empty(await server.GetCheckpointsAsync(small.Limit));
        WaltCheckpoint late = await server.AddCheckpointAsync("late", null, small.Limit),
            early = await server.AddCheckpointAsync("early-1", SmallWorld.Start.AddSeconds(-3.5), small.Limit);
        Assert.Equal(SmallWorld.Start.AddSeconds(-3.5), early.Timestamp);
        Assert.InRange((late.Timestamp - SmallWorld.Start).TotalSeconds, 0, 2);
        Assert.Equal([early, late], await server.GetCheckpointsAsync(small.Limit));
        Assert.Equal("CheckpointExists", await FailAsync(() => server.AddCheckpointAsync("late", null, small.Limit)));
        Assert.Equal("CheckpointNameInvalid", await FailAsync(() => server.AddCheckpointAsync("-late", null, small.Limit)));
        await using WaltServer other = new(small.Frontend("nancy"), host.Node.Name, "alice", small.ClientTime);
        Assert.Empty(await other.GetCheckpointsAsync(small.Limit));
        Assert.Equal("CheckpointNotFound", await FailAsync(() => other.RemoveCheckpointAsync("late", small.Limit)));
        await server.RemoveCheckpointAsync("late", small.Limit);
        Assert.Equal("CheckpointNotFound", await FailAsync(() => server.GetCheckpointAsync("late", small.Limit)));
    }

    [Fact]
    public async Task A_booting_node_is_heard_on_its_console()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        await using WaltServer server = small.Client(host);
        small.PutUp(host, "gros-1");
        Assert.Contains("walt-init: exec /sbin/init",
            await ReadAsync(server.GetLogsAsync(new WaltLogQuery { Issuers = ["gros-1"], Stream = "console" }), small.Limit));
    }

    [Fact]
    public async Task A_stream_that_is_dropped_at_once_is_opened_again()
    {
        await using SmallWorld small = new("walt-drops:DUMP_LOGS*2");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        await using WaltServer server = small.Client(host);
        Log(small, host, -1, "a");
        Assert.Equal(["a"], await ReadAsync(server.FollowLogsAsync(new WaltLogQuery { From = SmallWorld.Start.AddSeconds(-5) }, small.Limit),
            small.Limit, 1));
    }

    [Theory]
    [InlineData("walt-silent:count_logs", "RpcTimeout")]
    [InlineData("walt-silent:get_time", "RpcTimeout")]
    public async Task A_server_that_says_nothing_is_an_error_of_history(string fault, string code)
    {
        await using SmallWorld small = new(fault);
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        Assert.Equal(code, await FailAsync(() => ReadAsync(server.GetLogsAsync(new WaltLogQuery()), small.Limit)));
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_an_error_of_following()
    {
        await using SmallWorld small = new("walt-silent:DUMP_LOGS");
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        Assert.Equal("WaltStreamTimeout", await FailAsync(() => ReadAsync(server.FollowLogsAsync(new WaltLogQuery()), small.Limit)));
    }
}
