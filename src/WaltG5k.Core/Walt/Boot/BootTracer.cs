using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt.Http;

namespace WaltG5k.Core.Walt;

/// <summary>
/// Reads, after a boot, what the server's log, its HTTP service's journal and the node itself tell of it. What cannot be read is left out: a trace
/// never fails a boot.
/// </summary>
sealed partial class BootTracer
{
    /// <summary>Nodes asked by one command on the server, one after the other.</summary>
    const int NodesPerCommand = 8;
    const string NodeMark = "@node ", RequestsMark = "@requests";

    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    /// <summary>How much the two clocks, and the ways between them, may be apart.</summary>
    static readonly TimeSpan s_margin = TimeSpan.FromSeconds(2);

    readonly WaltServer _server;
    readonly Coalescer<Reading> _readings;

    /// <summary>What was read of one node after its boot.</summary>
    /// <param name="Offset">By how much the server's clock is ahead of ours.</param>
    sealed record Reading(TimeSpan Offset, IReadOnlyList<NodeEvent> Events)
    {
        public DateTimeOffset? Kernel { get; init; }
        public WaltRootFileSystem? RootFileSystem { get; init; }
        public IReadOnlyList<(DateTimeOffset Begin, DateTimeOffset End)> Requests { get; init; } = [];
    }

    public BootTracer(WaltServer server, CancellationToken cancellationToken)
    {
        _server = server;
        _readings = new Coalescer<Reading>(ReadAsync, server.Time, cancellationToken);
    }

    /// <summary>The server's own way of writing a request down: address, date, request, status, size, seconds.</summary>
    [GeneratedRegex(@"^(?<end>\d+\.\d+) \S+ \S+: (?<ip>\d+\.\d+\.\d+\.\d+) .*""GET /boot/\S+[^""]*"" 200 \d+ (?<seconds>\d+\.\d+)",
        RegexOptions.Multiline)]
    private static partial Regex Request { get; }

    /// <summary>The result with its parts and with what it booted by.</summary>
    /// <param name="orderedAt">When the last attempt's order had been given, on our clock.</param>
    public async Task<WaltBootResult> AddPartsAsync(WaltBootResult result, WaltNodeInfo node, DateTimeOffset orderedAt)
    {
        try
        {
            Reading reading = await _readings.InvokeAsync($"{node.Name} {node.Ip}").ConfigureAwait(false);
            bool isKexec = result.Method == WaltBootMethod.Kexec;
            DateTimeOffset ordered = orderedAt + reading.Offset;
            NodeEvent? booted = reading.Events.LastOrDefault(e => e.IsBooted && e.Node == node.Name);
            if (booted is null || booted.Date < ordered - s_margin) return result;
            NodeEvent? down = isKexec ? reading.Events.LastOrDefault(e => e is { IsBooted: false, IsSoftReboot: true } && e.Node == node.Name
                && e.Date <= booted.Date) : null;
            DateTimeOffset start = down is not null && down.Date > ordered - s_margin - result.Reboot ? down.Date : ordered;
            (DateTimeOffset Begin, DateTimeOffset End)[] requests =
                [.. reading.Requests.Where(r => r.Begin >= start - s_margin && r.End <= booted.Date)];
            (DateTimeOffset, DateTimeOffset)? files = requests.Length == 0
                ? null
                : (Later(requests.Min(r => r.Begin), start), requests.Max(r => r.End));
            return result with
            {
                Parts = BootSplit.Divide(new BootMoments(start, booted.Date) { Files = files, Kernel = reading.Kernel }, isKexec),
                RootFileSystem = reading.RootFileSystem ?? result.RootFileSystem,
            };
        }
        catch (G5kException e)
        {
            _server.Reporter.Verbose($"What {node.Name} took its time for cannot be read: {e.Message}");
            return result;
        }
    }

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    async Task<IReadOnlyDictionary<string, Reading>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        DateTimeOffset now = await _server.GetTimeAsync(cancellationToken).ConfigureAwait(false);
        TimeSpan offset = now - _server.Time.GetUtcNow();
        IReadOnlyList<NodeEvent> events = await _server.GetNodeEventsAsync(now - TimeSpan.FromHours(1), now, cancellationToken).ConfigureAwait(false);
        Dictionary<string, Reading> readings = keys.ToDictionary(k => k, k => new Reading(offset, [.. events.Where(e => e.Node == k.Split(' ')[0])]),
            StringComparer.Ordinal);
        try
        {
            string[] outputs = await Task.WhenAll(keys.Chunk(NodesPerCommand).Select(chunk => AskAsync(chunk, cancellationToken)))
                .ConfigureAwait(false);
            foreach (string output in outputs) Take(output, readings);
        }
        catch (G5kException e)
        {
            _server.Reporter.Verbose($"The times of the boot are those of the server's log alone: {e.Message}");
        }
        return readings;
    }

    async Task<string> AskAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        StringBuilder line = new();
        string ssh = PosixShell.Join(_server.Shell.Gate.Ssh);
        foreach (string key in keys)
        {
            string ip = key.Split(' ')[1];
            line.Append(CultureInfo.InvariantCulture,
                $"echo {PosixShell.Quote(NodeMark + key)}; {ssh} {PosixShell.Quote("root@" + ip)} 'cat /proc/uptime /proc/cmdline'; date +%s.%N; ");
        }
        line.Append(CultureInfo.InvariantCulture,
            $"echo {RequestsMark}; journalctl -u walt-server-httpd -o short-unix --no-pager --since=-60min --grep='GET /boot/'; true");
        CommandResult result = await _server.Shell.RunShellAsync(line.ToString(), new CommandRequest("trace") { Timeout = s_limit },
            cancellationToken).ConfigureAwait(false);
        return result.Output;
    }

    static void Take(string output, Dictionary<string, Reading> readings)
    {
        int end = output.IndexOf(RequestsMark, StringComparison.Ordinal);
        ILookup<string, (DateTimeOffset Begin, DateTimeOffset End)> requests = Request.Matches(end < 0 ? "" : output[end..])
            .ToLookup(m => m.Groups["ip"].Value, m =>
        {
            DateTimeOffset finished = ToDate(m.Groups["end"].ValueSpan);
            return (finished - TimeSpan.FromSeconds(double.Parse(m.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture)), finished);
        });
        foreach (string part in output[..Math.Max(0, end)].Split(NodeMark, StringSplitOptions.RemoveEmptyEntries))
        {
            string[] lines = part.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (lines.Length == 0 || !readings.TryGetValue(lines[0], out Reading? reading)) continue;
            double? uptime = lines.Length > 2 && double.TryParse(lines[1].Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture,
                out double seconds) ? seconds : null;
            readings[lines[0]] = reading with
            {
                Kernel = uptime is { } up && double.TryParse(lines[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out double read)
                    ? DateTimeOffset.UnixEpoch.AddSeconds(read - up) : null,
                RootFileSystem = lines.FirstOrDefault(l => l.Contains("root=/dev/", StringComparison.Ordinal)) is { } arguments
                ? WaltBootScripts.Parse(arguments).RootFileSystem
                : null,
                Requests = [.. requests[lines[0].Split(' ')[1]]],
            };
        }
    }

    static DateTimeOffset ToDate(ReadOnlySpan<char> epoch) => DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(epoch, CultureInfo.InvariantCulture));
}
