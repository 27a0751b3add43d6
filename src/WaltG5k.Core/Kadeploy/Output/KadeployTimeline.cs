using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// Folds the events of an operation into its steps, node set by node set. Where all lines come at once, as from a pipe or a file, the beginnings are
/// reckoned from the durations before them.
/// </summary>
public sealed class KadeployTimeline
{
    readonly List<KadeployStep> _steps = [];
    readonly Dictionary<string, Track> _tracks = new(StringComparer.Ordinal);
    // When all nodes of a set fail at once only the final list tells where: nodes by the step it names.
    readonly Dictionary<(string MacroStep, string MicroStep), List<string>> _blamed = [];
    string? _workflowId;

    public IReadOnlyList<KadeployStep> GetSteps()
    {
        List<KadeployStep> steps = [.. _steps.Select(s => s with { WorkflowId = _workflowId })];
        foreach (((string macroStep, string microStep), List<string> nodes) in _blamed)
        {
            NodeSet failed = NodeSet.From(nodes);
            BlameLatest(steps, s => s.MacroStep == macroStep && s.MicroStep == microStep, failed);
            BlameLatest(steps, s => s.MacroStep == macroStep && s.MicroStep is null, failed);
        }
        return steps;
    }

    /// <summary>The steps that a recorded output tells.</summary>
    public static IReadOnlyList<KadeployStep> Read(string output)
    {
        var timeline = new KadeployTimeline();
        var reader = new KadeployReader(timeline.Take, FrozenTime.Instance);
        reader.Write(output);
        reader.Complete();
        return timeline.GetSteps();
    }

    public void Take(KadeployEvent happened)
    {
        Track track = TrackOf(happened.NodeSetId);
        if (happened.Time > track.Clock) track.Clock = happened.Time;
        switch (happened)
        {
            case WorkflowStarted started: _workflowId = started.WorkflowId; break;
            case MicroStepBypassed micro: Begin(track, happened, micro.MacroStep, micro.MicroStep, KadeployStepStatus.Bypassed); break;
            case InstanceFellBack or InstanceRetried: Abandon(track); break;
            case MacroStepStarted macro: BeginMacro(track, happened, macro.MacroStep); break;
            case MacroStepEnded macro: EndMacro(track, macro.After); break;
            case MacroStepFailed macro: Fail(track.Macro, happened.Nodes, macro.After); break;
            case StepTimedOut: TimeOut(track); break;
            case MicroStepStarted micro: BeginMicro(track, happened, micro); break;
            case MicroStepTimed micro: EndMicro(track, micro); break;
            case MicroStepFailed: Fail(track.Micro, happened.Nodes, null); break;
            case BreakpointReached at: Stop(track, happened, at); break;
            case NodeSetSplit split: Divide(track, split); break;
            case NodeReported { IsOk: false, MacroStep: string macro } report: Blame(macro, report.MicroStep ?? "", report.Node); break;
            case InstanceKilled or WorkflowAborted or ClientInterrupted: Abort(); break;
        }
    }

    void BeginMacro(Track track, KadeployEvent happened, string macroStep)
    {
        track.Attempt = track.MacroStep == macroStep && !track.HasEnded ? track.Attempt + 1 : 1;
        track.MacroStep = macroStep;
        track.HasEnded = false;
        track.Micro = null;
        track.Macro = Begin(track, happened, macroStep, null, KadeployStepStatus.Running);
    }

    void BeginMicro(Track track, KadeployEvent happened, MicroStepStarted micro)
    {
        // Below level 4 nothing says when a micro-step is over, except that the next one begins.
        if (track.Micro is int last && _steps[last].Status == KadeployStepStatus.Running)
            _steps[last] = _steps[last] with { Status = KadeployStepStatus.Ok };
        track.Micro = Begin(track, happened, micro.MacroStep, micro.MicroStep, KadeployStepStatus.Running);
    }

    int Begin(Track track, KadeployEvent happened, string macroStep, string? microStep, KadeployStepStatus status)
    {
        _steps.Add(new KadeployStep
        {
            Cluster = happened.Cluster,
            NodeSetId = happened.NodeSetId,
            Nodes = happened.Nodes,
            MacroStep = macroStep,
            MicroStep = microStep,
            Start = track.Clock,
            Status = status,
            Attempt = track.Attempt,
        });
        return _steps.Count - 1;
    }

    void EndMicro(Track track, MicroStepTimed timed)
    {
        if (track.Micro is not int index) return;
        KadeployStep step = _steps[index];
        if (step.Duration is not null) return;
        _steps[index] = step with { Duration = timed.Duration,
            Status = step.Status == KadeployStepStatus.Running ? KadeployStepStatus.Ok : step.Status };
        Advance(track, step.Start + timed.Duration);
    }

    void EndMacro(Track track, TimeSpan after)
    {
        track.HasEnded = true;
        if (track.Micro is int micro && _steps[micro].Status == KadeployStepStatus.Running)
            _steps[micro] = _steps[micro] with { Status = KadeployStepStatus.Ok };
        if (track.Macro is not int index) return;
        KadeployStep step = _steps[index];
        // The time is counted from before any split: a part began with the whole.
        _steps[index] = step with { Duration = after, Status = step.Status == KadeployStepStatus.Running ? KadeployStepStatus.Ok : step.Status };
        Advance(track, step.Start + after);
    }

    void Fail(int? index, NodeSet nodes, TimeSpan? duration)
    {
        if (index is not int i) return;
        _steps[i] = WithFailed(_steps[i], nodes) with { Duration = _steps[i].Duration ?? duration };
    }

    void TimeOut(Track track)
    {
        foreach (int index in track.Current)
        {
            if (_steps[index].Status != KadeployStepStatus.Running) continue;
            _steps[index] = _steps[index] with { Status = KadeployStepStatus.TimedOut, FailedNodes = _steps[index].Nodes };
        }
    }

    /// <summary>The instance has given way to another without a word.</summary>
    void Abandon(Track track)
    {
        TimeSpan now = track.Clock;
        foreach (int index in track.Current)
        {
            KadeployStep step = _steps[index];
            if (step.Status == KadeployStepStatus.Running || (step.MicroStep is null && step.Duration is null))
            {
                _steps[index] = step with
                {
                    Status = step.Status == KadeployStepStatus.Running ? KadeployStepStatus.Failed : step.Status,
                    Duration = step.Duration ?? (now > step.Start ? now - step.Start : null),
                    FailedNodes = step.Nodes,
                };
            }
        }
    }

    void Stop(Track track, KadeployEvent happened, BreakpointReached at)
    {
        int index = Begin(track, happened, at.MacroStep, at.MicroStep, KadeployStepStatus.Breakpoint);
        _steps[index] = _steps[index] with { Nodes = happened.Nodes };
        if (track.Macro is int macro) _steps[macro] = _steps[macro] with { Status = KadeployStepStatus.Breakpoint };
        track.HasEnded = true;
    }

    void Divide(Track track, NodeSetSplit split)
    {
        foreach (NodeSetPart part in split.Parts)
        {
            Track divided = _tracks[part.Id] = new Track { Clock = track.Clock, MacroStep = track.MacroStep, HasEnded = track.HasEnded,
                Attempt = track.Attempt };
            // The first part goes on in the step; the others left it, and what told so has been noted.
            if (part == split.Parts[0]) divided.Macro = track.Macro;
        }
    }

    void Blame(string macroStep, string microStep, string node)
    {
        if (!_blamed.TryGetValue((macroStep, microStep), out List<string>? nodes)) _blamed[(macroStep, microStep)] = nodes = [];
        nodes.Add(node);
    }

    /// <summary>Notes the nodes at the last of those steps that each of them was in.</summary>
    static void BlameLatest(List<KadeployStep> steps, Func<KadeployStep, bool> isMeant, NodeSet failed)
    {
        for (int i = steps.Count - 1; i >= 0 && failed.Count > 0; i--)
        {
            if (!isMeant(steps[i])) continue;
            NodeSet here = failed.Intersect(steps[i].Nodes);
            failed = failed.Except(here);
            if (here.Count > 0) steps[i] = WithFailed(steps[i], here);
        }
    }

    static KadeployStep WithFailed(KadeployStep step, NodeSet nodes)
    {
        NodeSet failed = step.FailedNodes.Union(nodes);
        bool isTold = step.Status is KadeployStepStatus.TimedOut or KadeployStepStatus.Aborted;
        return step with
        {
            FailedNodes = failed,
            Status = isTold ? step.Status : step.Nodes.IsSubsetOf(failed) ? KadeployStepStatus.Failed : KadeployStepStatus.PartlyFailed,
        };
    }

    void Abort()
    {
        for (int i = 0; i < _steps.Count; i++)
        {
            if (_steps[i].Status == KadeployStepStatus.Running) _steps[i] = _steps[i] with { Status = KadeployStepStatus.Aborted };
        }
    }

    static void Advance(Track track, TimeSpan clock)
    {
        if (clock > track.Clock) track.Clock = clock;
    }

    Track TrackOf(string id)
    {
        if (_tracks.TryGetValue(id, out Track? track)) return track;
        int dot = id.IndexOf('.', StringComparison.Ordinal);
        Track? whole = dot > 0 ? _tracks.GetValueOrDefault(id[..dot]) : null;
        return _tracks[id] = new Track { Clock = whole?.Clock ?? default, MacroStep = whole?.MacroStep, Macro = whole?.Macro,
            HasEnded = whole?.HasEnded ?? false };
    }

    /// <summary>The steps of one node set.</summary>
    sealed class Track
    {
        public TimeSpan Clock { get; set; }
        public string? MacroStep { get; set; }
        public bool HasEnded { get; set; }
        public int Attempt { get; set; } = 1;
        /// <summary>Where the current steps are in the list.</summary>
        public int? Macro { get; set; }
        public int? Micro { get; set; }
        public IEnumerable<int> Current => ((int?[])[Macro, Micro]).OfType<int>();
    }

    /// <summary>All lines of a recording come at the same moment.</summary>
    sealed class FrozenTime : TimeProvider
    {
        public static FrozenTime Instance { get; } = new();
        public override long GetTimestamp() => 0;
    }
}
