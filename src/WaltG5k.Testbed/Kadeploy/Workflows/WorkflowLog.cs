using System.Globalization;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>Lines that the server keeps until somebody reads them: each goes to one reader only.</summary>
internal sealed class WorkflowLog(TimeProvider time)
{
    readonly Lock _lock = new();
    readonly List<(string Topic, string Line)> _lines = [];

    /// <param name="topic">The cluster, or for a trace the node.</param>
    public void Add(string topic, string text)
    {
        double epoch = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        lock (_lock) _lines.Add((topic, string.Create(CultureInfo.InvariantCulture, $"{epoch:0.00000}|{text}")));
    }

    /// <summary>Takes the lines of one topic, or all.</summary>
    public IReadOnlyList<string> Take(string? topic = null)
    {
        lock (_lock)
        {
            string[] taken = [.. _lines.Where(l => topic is null || l.Topic == topic).Select(l => l.Line)];
            _lines.RemoveAll(l => topic is null || l.Topic == topic);
            return taken;
        }
    }
}
