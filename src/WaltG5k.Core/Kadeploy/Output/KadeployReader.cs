using System.Buffers;
using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// Reads the output of kadeploy3, kareboot3 and kapower3 as it comes and tells what it says, in its order. The text may be cut anywhere: the events
/// are the same for every way of cutting it. Old and new names of steps, every verbose level, lines of several clusters in between one another.
/// </summary>
/// <param name="onEvent">Called for each event from within <see cref="Write"/>, <see cref="WriteLine"/> and <see cref="Complete"/>.</param>
/// <param name="time">The clock of <see cref="KadeployEvent.Time"/>.</param>
public sealed partial class KadeployReader(Action<KadeployEvent> onEvent, TimeProvider? time = null)
{
    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly long _start = (time ?? TimeProvider.System).GetTimestamp();
    readonly ArrayBufferWriter<char> _unfinished = new();
    readonly Dictionary<string, KadeployLane> _lanes = new(StringComparer.Ordinal) { [""] = new KadeployLane("") };
    readonly Dictionary<string, string> _clusters = new(StringComparer.Ordinal);
    readonly Dictionary<string, NodeSet> _sets = new(StringComparer.Ordinal);
    // Names of nodes and steps come again and again: one string each.
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    KadeployLane _last = new("");
    TimeSpan _now;

    /// <summary>Reads text that may end anywhere.</summary>
    public void Write(ReadOnlySpan<char> text)
    {
        _now = _time.GetElapsedTime(_start);
        for (int end; (end = text.IndexOf('\n')) >= 0; text = text[(end + 1)..])
        {
            if (_unfinished.WrittenCount == 0)
            {
                ReadLine(text[..end]);
                continue;
            }
            _unfinished.Write(text[..end]);
            ReadLine(_unfinished.WrittenSpan);
            _unfinished.ResetWrittenCount();
        }
        _unfinished.Write(text);
    }

    /// <summary>Reads one whole line, given without its end.</summary>
    public void WriteLine(ReadOnlySpan<char> line)
    {
        Write(line);
        Write("\n");
    }

    /// <summary>The output has ended: a last line without an end, and a reason that may have gone on, are told now.</summary>
    public void Complete()
    {
        if (_unfinished.WrittenCount > 0) Write("\n");
        EndFailure();
        EndTrace();
    }

    void ReadLine(ReadOnlySpan<char> line)
    {
        line = line.TrimEnd('\r');
        CutServer(ref line);
        if (_list != FinalList.None && TakeFromList(line)) return;
        if (line.IsEmpty) return;
        if (line.StartsWith("[dbg] ", StringComparison.Ordinal))
        {
            TakeTrace(line["[dbg] ".Length..]);
            return;
        }
        KadeployLane lane = CutMark(ref line);
        if (line.IsEmpty || Take(lane, line)) return;
        Tell(lane, new TextLine(line.ToString()));
    }

    /// <summary>Cuts off <c>[server]  </c>, which <c>-M</c> puts before each line, filled up to ten characters.</summary>
    static void CutServer(ref ReadOnlySpan<char> line)
    {
        const int Width = 10;
        if (line.Length < 3 || line[0] != '[' || !char.IsAsciiLetter(line[1])) return;
        int close = line.IndexOf(']');
        if (close < 2 || IsMark(line[1..close]) || line[1..close] is "dbg" || !line[1..close].IsStepName()) return;
        int end = Math.Min(line.Length, Math.Max(Width, close + 1));
        if (line[(close + 1)..end].IsWhiteSpace()) line = line[end..];
    }

    /// <summary>Cuts off the mark of a node set, <c>[c1.2] </c>, and says whose lines it marks.</summary>
    KadeployLane CutMark(ref ReadOnlySpan<char> line)
    {
        if (line[0] != '[') return _lanes[""];
        int close = line.IndexOf(']');
        if (close < 2 || close + 1 >= line.Length || line[close + 1] != ' ' || !IsMark(line[1..close])) return _lanes[""];
        ReadOnlySpan<char> id = line[1..close];
        line = line[(close + 2)..];
        return FindLane(id);
    }

    /// <summary><c>1</c>, <c>c1</c> or <c>c1.1</c>.</summary>
    static bool IsMark(ReadOnlySpan<char> id)
    {
        bool hasCluster = id.TryCut("c");
        int dot = id.IndexOf('.');
        ReadOnlySpan<char> first = dot < 0 ? id : id[..dot];
        return IsNumber(first) && (dot < 0 || (hasCluster && IsNumber(id[(dot + 1)..])));
    }

    static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    KadeployLane FindLane(ReadOnlySpan<char> id)
    {
        if (id.SequenceEqual(_last.Id)) return _last;
        if (!_lanes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out KadeployLane? lane))
        {
            int dot = id.IndexOf('.');
            // A part that no split has announced: it goes on where the whole was.
            KadeployLane whole = dot < 0 ? _lanes[""] : FindLane(id[..dot]);
            string name = id.ToString();
            lane = new KadeployLane(name) { Cluster = _clusters.GetValueOrDefault(name) ?? whole.Cluster, MacroStep = whole.MacroStep,
                Nodes = whole.Nodes };
            _lanes[name] = lane;
        }
        return _last = lane;
    }

    void Tell(KadeployLane lane, KadeployEvent happened, NodeSet? nodes = null)
    {
        happened.NodeSetId = lane.Id;
        happened.Cluster = lane.Cluster;
        happened.Time = _now;
        if (happened is not KadeployNodeEvent) happened.Nodes = nodes ?? lane.Nodes;
        onEvent(happened);
    }

    /// <summary>The set that a text describes; null when it describes none.</summary>
    NodeSet? ReadNodes(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        Dictionary<string, NodeSet>.AlternateLookup<ReadOnlySpan<char>> known = _sets.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(text, out NodeSet? set)) return set;
        string key = text.ToString();
        if (!NodeSet.TryParse(key, out set) || set.Count == 0) return null;
        return _sets[key] = set;
    }

    string Name(ReadOnlySpan<char> text)
    {
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(text, out string? name)) return name;
        name = text.ToString();
        _names.Add(name);
        return name;
    }
}
