using System.Globalization;
using System.Threading.Channels;

namespace WaltG5k.Testbed.Walt.Streams;

internal static partial class StreamRequests
{
    static StreamRequest[] LogRequests() =>
    [
        new(0, "NEW_INCOMING_LOGS", StreamOpening.Text, ReadLogsAsync),
        new(1, "DUMP_LOGS", StreamOpening.Ready, DumpLogsAsync),
    ];

    static async Task ReadLogsAsync(StreamCall call)
    {
        if (FindPeer(call) is not WaltDevice device) return;
        string? name = await call.Connection.ReadLineAsync(call.Stopped).ConfigureAwait(false);
        bool hasTimes = await call.Connection.ReadLineAsync(call.Stopped).ConfigureAwait(false) == "TIMESTAMPS_INSIDE";
        while (await call.Connection.ReadLineAsync(call.Stopped).ConfigureAwait(false) is string line && line != "CLOSE")
        {
            lock (call.Host.World.Sync)
            {
                (DateTimeOffset time, string text) = (call.Host.World.Time.GetUtcNow(), line);
                if (hasTimes && line.Split(' ', 2) is [string first, string rest])
                {
                    if (double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out double epoch))
                        time = DateTimeOffset.UnixEpoch.AddSeconds(epoch);
                    text = rest;
                }
                call.Host.Log(time, text, name ?? "", device.Name);
            }
        }
    }

    /// <summary>Past lines, later ones, or both: each a pickled dict. The expressions filter both.</summary>
    static async Task DumpLogsAsync(StreamCall call)
    {
        IReadOnlyDictionary<string, object?> parameters = call.Parameters;
        WaltLogFilter filter = new(parameters.GetValueOrDefault("issuers"), parameters.GetValueOrDefault("streams_regexp"),
            parameters.GetValueOrDefault("logline_regexp"));
        if (parameters.GetValueOrDefault("output_format") is not (null or "dict-pickles")) throw new FormatException("output_format");
        double unit = parameters.GetValueOrDefault("timestamps_format") switch { "float-s" => 1, "float-ms" => 1000,
            _ => throw new FormatException("timestamps_format: dates are not emulated") };
        object?[]? history = parameters.GetValueOrDefault("history") as object?[];
        double? from = history is null ? null : history[0] as double? ?? double.MinValue, to = history?[1] as double?;
        (IReadOnlyList<WaltLogEntry> past, ChannelReader<WaltLogEntry> later, Action close) = call.Host.FollowLogs(from, to);
        using CancellationTokenSource gone = call.WatchClient();
        try
        {
            foreach (WaltLogEntry entry in past.Where(filter.Accepts)) await SendAsync(call, entry, unit).ConfigureAwait(false);
            if (parameters.GetValueOrDefault("realtime") is not true) return;
            await foreach (WaltLogEntry entry in later.ReadAllAsync(gone.Token).ConfigureAwait(false))
            {
                if (filter.Accepts(entry)) await SendAsync(call, entry, unit).ConfigureAwait(false);
            }
        }
        finally
        {
            close();
        }
    }

    static Task SendAsync(StreamCall call, WaltLogEntry entry, double unit) => call.Connection.WriteAsync(PickledDict.Write(
    [
        new("line", entry.Line), new("timestamp", entry.Epoch * unit), new("issuer", entry.Issuer), new("stream", entry.Stream),
    ]), call.Stopped);
}
