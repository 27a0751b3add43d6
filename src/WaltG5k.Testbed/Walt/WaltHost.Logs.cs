using System.Threading.Channels;

namespace WaltG5k.Testbed.Walt;

internal sealed partial class WaltHost
{
    readonly List<ChannelWriter<WaltLogEntry>> _logFollowers = [];

    public List<WaltLogEntry> Logs { get; } = [];

    /// <summary>How many clients follow the log.</summary>
    public int FollowerCount
    {
        get { lock (world.Sync) return _logFollowers.Count; }
    }

    /// <summary>Seconds since 1970, by user and name.</summary>
    public SortedDictionary<(string User, string Name), double> Checkpoints { get; } = [];

    public void Log(string line, string stream = WaltNames.NodesStream, string issuer = WaltNames.ServerIssuer) =>
        Log(world.Time.GetUtcNow(), line, stream, issuer);

    /// <param name="time">A node may tell its own.</param>
    public void Log(DateTimeOffset time, string line, string stream, string issuer)
    {
        WaltLogEntry entry = new(time, issuer, stream, line);
        Logs.Add(entry);
        foreach (ChannelWriter<WaltLogEntry> follower in _logFollowers) follower.TryWrite(entry);
    }

    /// <summary>The lines between two moments, both included, in the order of their time.</summary>
    public IEnumerable<WaltLogEntry> GetLogs(double from, double to) => Logs.Where(l => l.Epoch >= from && l.Epoch <= to).OrderBy(l => l.Time);

    /// <summary>The past lines from a moment on, if one is given, and every later one in the reader: none is left out between the two.</summary>
    public (IReadOnlyList<WaltLogEntry> Past, ChannelReader<WaltLogEntry> Later, Action Close) FollowLogs(double? from, double? to)
    {
        Channel<WaltLogEntry> channel = Channel.CreateUnbounded<WaltLogEntry>(new UnboundedChannelOptions { SingleReader = true });
        lock (world.Sync)
        {
            _logFollowers.Add(channel.Writer);
            WaltLogEntry[] past = from is null && to is null ? [] : [.. GetLogs(from ?? double.MinValue, to ?? double.MaxValue)];
            return (past, channel.Reader, () =>
            {
                lock (world.Sync) _logFollowers.Remove(channel.Writer);
            });
        }
    }

    /// <summary>What a node's kernel and WalT's first program say on the network console as it boots.</summary>
    void LogBoot(WaltDevice device)
    {
        Log("Linux version 6.1.0-walt (" + device.Model + ")", WaltNames.ConsoleStream, device.Name);
        Log("walt-init: exec /sbin/init", WaltNames.ConsoleStream, device.Name);
    }
}
