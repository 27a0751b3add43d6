using System.Globalization;

namespace WaltG5k.Testbed.Walt.Rpc;

internal static partial class RpcMethods
{
    /// <summary>Checkpoints answer in words only, but for the time of one.</summary>
    static Dictionary<string, RpcMethod> LogMethods() => new(StringComparer.Ordinal)
    {
        ["get_time"] = call => Task.FromResult<object?>(EpochOf(call.Host)),
        ["count_logs"] = CountLogsAsync,
        ["add_checkpoint"] = AddCheckpointAsync,
        ["remove_checkpoint"] = RemoveCheckpointAsync,
        ["list_checkpoints"] = ListCheckpointsAsync,
        ["get_checkpoint_time"] = GetCheckpointTimeAsync,
    };

    static Task<object?> CountLogsAsync(RpcCall call)
    {
        if (call.Value("history") is not object?[] { Length: 2 } history) throw new NoReplyException("argument history");
        WaltLogFilter filter = new(call.Value("issuers"), call.Value("streams_regexp"), call.Value("logline_regexp"));
        double from = ToNumber(history[0]) ?? double.MinValue, to = ToNumber(history[1]) ?? double.MaxValue;
        bool withoutConsoles = call.Value("exclude_consoles") is true;
        lock (call.Host.World.Sync)
        {
            return Task.FromResult<object?>(call.Host.GetLogs(from, to)
                .Count(l => filter.Accepts(l) && !(withoutConsoles && l.Stream.EndsWith("console", StringComparison.Ordinal))));
        }
    }

    static async Task<object?> AddCheckpointAsync(RpcCall call)
    {
        string name = call.Text(0, "cp_name"), user = await call.Session.GetUserAsync().ConfigureAwait(false);
        double date = ToNumber(call.Value(1, "date")) ?? EpochOf(call.Host);
        bool isNew;
        lock (call.Host.World.Sync) isNew = call.Host.Checkpoints.TryAdd((user, name), date);
        call.Host.World.NotifyChanged();
        if (isNew) await call.Session.PrintAsync($"New checkpoint {name} recorded at server time: {ShowDate(date)}.").ConfigureAwait(false);
        else await call.Session.PrintErrorAsync("Failed: a checkpoint with this name already exists.").ConfigureAwait(false);
        return null;
    }

    static async Task<object?> RemoveCheckpointAsync(RpcCall call)
    {
        string name = call.Text(0, "cp_name"), user = await call.Session.GetUserAsync().ConfigureAwait(false);
        bool wasThere;
        lock (call.Host.World.Sync) wasThere = call.Host.Checkpoints.Remove((user, name));
        call.Host.World.NotifyChanged();
        if (wasThere) await call.Session.PrintAsync("Done.").ConfigureAwait(false);
        else await PrintNoCheckpointAsync(call, name).ConfigureAwait(false);
        return null;
    }

    static async Task<object?> ListCheckpointsAsync(RpcCall call)
    {
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        List<string[]> rows;
        lock (call.Host.World.Sync) rows = [.. call.Host.Checkpoints.Where(c => c.Key.User == user)
            .Select(c => new[] { ShowDate(c.Value), c.Key.Name })];
        await call.Session.PrintAsync(rows.Count == 0 ? "You own no checkpoints." : WaltColumns.Write(["timestamp", "name"], rows))
            .ConfigureAwait(false);
        return null;
    }

    static async Task<object?> GetCheckpointTimeAsync(RpcCall call)
    {
        string name = call.Text(0, "cp_name"), user = await call.Session.GetUserAsync().ConfigureAwait(false);
        lock (call.Host.World.Sync)
        {
            if (call.Host.Checkpoints.TryGetValue((user, name), out double date)) return date;
        }
        await PrintNoCheckpointAsync(call, name).ConfigureAwait(false);
        return null;
    }

    static Task PrintNoCheckpointAsync(RpcCall call, string name) => call.Session.PrintErrorAsync($"Failed: no checkpoint with this name '{name}'.");

    static double? ToNumber(object? value) => value switch { double number => number, long number => number, int number => number, _ => null };

    /// <summary>As Python shows a moment without a zone.</summary>
    static string ShowDate(double epoch)
    {
        DateTimeOffset date = DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(epoch * 1e6) * TimeSpan.TicksPerMicrosecond);
        return date.ToString(date.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.ffffff",
            CultureInfo.InvariantCulture);
    }
}
