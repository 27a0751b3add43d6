using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

/// <summary>Reading outputs of Kadeploy in tests.</summary>
static class KadeployReading
{
    public static List<KadeployEvent> Read(string output)
    {
        List<KadeployEvent> events = [];
        var reader = new KadeployReader(events.Add, new StandingTime());
        reader.Write(output);
        reader.Complete();
        return events;
    }

    public static List<KadeployEvent> ReadSample(string name) => Read(RecordedCommand.Read($"kadeploy/{name}.txt").Output);

    public static KadeployMonitor Follow(string output, params string[] nodes)
    {
        var monitor = new KadeployMonitor(nodes);
        foreach (KadeployEvent happened in Read(output)) monitor.Take(happened);
        return monitor;
    }

    /// <summary>An event without its time, for comparison: what it is, of whom, and what it says.</summary>
    public static string Show(KadeployEvent happened) => happened switch
    {
        NodeSetSplit split => $"split [{split.NodeSetId}] {string.Join(' ', split.Parts)}",
        ClustersInvolved clusters => $"clusters {string.Join(' ', clusters.Clusters.Select(c => $"{c.Key}={c.Value}"))}",
        StatusShown status => $"status {status.Elapsed} {string.Join(';', status.Entries)}",
        _ => happened.ToString(),
    };

    public sealed class StandingTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
