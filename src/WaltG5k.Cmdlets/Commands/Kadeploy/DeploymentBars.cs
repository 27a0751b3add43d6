using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;

namespace WaltG5k.Commands;

/// <summary>One bar for the whole deployment, and beneath it one for each node, or for each site when there are many nodes.</summary>
internal sealed class DeploymentBars(IReporter reporter, NodeDeployment deployment, string activity)
{
    const int ProgressId = 0x67356b10;
    /// <summary>More bars than that fill the screen.</summary>
    const int MaximumBars = 8;
    static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    readonly Lock _lock = new();
    readonly Dictionary<string, int> _bars = new(StringComparer.Ordinal);
    long _shownAt;
    bool _isScheduled, _isOver;

    /// <summary>Steps begin in bursts: what comes too soon after the last look is shown a moment later.</summary>
    public void Show()
    {
        lock (_lock)
        {
            if (_isScheduled || _isOver) return;
            TimeSpan wait = _shownAt == 0 ? TimeSpan.Zero : s_interval - Stopwatch.GetElapsedTime(_shownAt);
            if (wait > TimeSpan.Zero) _ = ShowLaterAsync(wait);
            else Report();
        }
    }

    async Task ShowLaterAsync(TimeSpan wait)
    {
        _isScheduled = true;
        await Task.Delay(wait).ConfigureAwait(false);
        lock (_lock)
        {
            _isScheduled = false;
            if (!_isOver) Report();
        }
    }

    void Report()
    {
        _shownAt = Stopwatch.GetTimestamp();
        IReadOnlyList<NodeDeploymentStatus> nodes = deployment.Status;
        int good = nodes.Count(n => n.Result is { IsOk: true }), failed = nodes.Count(n => n.Result is { IsOk: false });
        string status = string.Create(CultureInfo.InvariantCulture,
            $"{good} ready{(failed > 0 ? $", {failed} failed" : "")}, {nodes.Count - good - failed} to go");
        reporter.Progress(new ProgressUpdate(ProgressId, activity, status) { Percent = Percent(nodes) });
        bool isByNode = nodes.Count <= MaximumBars;
        foreach (IGrouping<string, NodeDeploymentStatus> bar in nodes.GroupBy(n => isByNode ? n.Node : KadeployNodes.SiteOf(n.Node)))
        {
            if (isByNode && bar.First().Phase == NodeDeploymentPhase.Waiting) continue;
            reporter.Progress(new ProgressUpdate(GetId(bar.Key), bar.Key, Describe([.. bar])) { Percent = Percent([.. bar]), ParentId = ProgressId });
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _isOver = true;
            foreach ((string name, int id) in _bars)
                reporter.Progress(new ProgressUpdate(id, name, "Done") { ParentId = ProgressId, Completed = true });
        }
        reporter.Progress(new ProgressUpdate(ProgressId, activity, "Done") { Completed = true });
    }

    int GetId(string name)
    {
        if (!_bars.TryGetValue(name, out int id)) _bars[name] = id = ProgressId + 1 + _bars.Count;
        return id;
    }

    /// <summary>Where its nodes are: <c>BroadcastEnvKascade-send_environment 12, ready 3</c>.</summary>
    static string Describe(IReadOnlyList<NodeDeploymentStatus> nodes) => nodes.Count == 1
        ? Word(nodes[0])
        : string.Join(", ", nodes.GroupBy(Word).OrderByDescending(g => g.Count()).Take(4)
        .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key} {g.Count()}")));

    static string Word(NodeDeploymentStatus node) => node switch
    {
        { Result: { IsOk: true } result } => result.Status == KadeployNodeStatus.Breakpoint ? "at the breakpoint" : "ready",
        { Result: not null } => "failed",
        { Phase: NodeDeploymentPhase.Waiting } => "waiting",
        { Phase: NodeDeploymentPhase.Retrying } => "failed, is tried again",
        { State.Status: KadeployNodeStatus.Rebooting } => $"{node.Step} (reboots)",
        { State.Status: KadeployNodeStatus.Arrived } => $"{node.Step} (is back)",
        _ => node.Step ?? "begins",
    };

    static int Percent(IReadOnlyList<NodeDeploymentStatus> nodes) => nodes.Count == 0 ? 0 : (int)(100 * nodes.Average(n => n.Fraction));
}
