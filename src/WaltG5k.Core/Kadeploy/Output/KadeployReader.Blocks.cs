using System.Text;
using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

public sealed partial class KadeployReader
{
    readonly List<KadeployStatusEntry> _statusEntries = [];
    TimeSpan _statusTime;
    string? _statusCluster;
    (string Step, string State, TimeSpan Elapsed)? _statusRow;
    readonly List<string> _statusNodes = [];

    string? _tracedNode, _tracedCommand;
    readonly StringBuilder _tracedOutput = new(), _tracedError = new();

    static bool TakeRule(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (line.TrimEnd() is not "---") return false;
        lane.AfterRule = !lane.AfterRule;
        return true;
    }

    static bool OpenClusters(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.StartsWith("Clusters involved in the operation", StringComparison.Ordinal)) return false;
        lane.Open = KadeployLane.Block.Clusters;
        return true;
    }

    static bool OpenSplit(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.StartsWith("Nodeset [", StringComparison.Ordinal) || !line.TrimEnd().EndsWith("split into :", StringComparison.Ordinal))
            return false;
        lane.Open = KadeployLane.Block.Split;
        lane.Parts.Clear();
        return true;
    }

    /// <summary><c>Deployment status (12s):</c>, <c>Deployment status (12s): done</c> or <c>Deployment did not start at the moment</c>.</summary>
    bool OpenStatus(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (line.TryCut(" status (") && line.TryCutTo("):", out ReadOnlySpan<char> elapsed) && elapsed.TryReadSeconds(out TimeSpan time))
            _statusTime = time;
        else if (line.TrimEnd() is " did not start at the moment") _statusTime = TimeSpan.Zero;
        else return false;
        lane.Open = KadeployLane.Block.Status;
        return true;
    }

    bool TakeFromBlock(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (line.TrimEnd() is "---")
        {
            CloseBlock(lane);
            return true;
        }
        return lane.Open switch
        {
            KadeployLane.Block.Clusters => TakeCluster(line),
            KadeployLane.Block.Split => TakePart(lane, line),
            _ => TakeStatus(line),
        };
    }

    void CloseBlock(KadeployLane lane)
    {
        KadeployLane.Block block = lane.Open;
        lane.Open = KadeployLane.Block.None;
        lane.AfterRule = false;
        switch (block)
        {
            case KadeployLane.Block.Clusters:
                Tell(lane, new ClustersInvolved(new Dictionary<string, string>(_clusters, StringComparer.Ordinal)));
                break;
            case KadeployLane.Block.Split:
                CloseSplit(lane);
                break;
            default:
                EndStatusRow();
                Tell(lane, new StatusShown(_statusTime, [.. _statusEntries]));
                _statusEntries.Clear();
                _statusCluster = null;
                break;
        }
    }

    void CloseSplit(KadeployLane lane)
    {
        foreach (NodeSetPart part in lane.Parts)
        {
            _lanes[part.Id] = new KadeployLane(part.Id) { Cluster = lane.Cluster, MacroStep = lane.MacroStep, HasEnded = lane.HasEnded,
                Nodes = part.Nodes };
        }
        _last = lane;
        Tell(lane, new NodeSetSplit([.. lane.Parts]));
        // Lines may go on with the old mark; they mean the nodes that go on.
        if (lane.Parts.Count > 0) lane.Nodes = lane.Parts[0].Nodes;
    }

    /// <summary><c>  [c1] : gros</c>.</summary>
    bool TakeCluster(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        if (!line.TryCut("[") || !line.TryCutTo("] : ", out ReadOnlySpan<char> id)) return false;
        string mark = id.ToString();
        _clusters[mark] = line.ToString();
        _last = _lanes[mark] = new KadeployLane(mark) { Cluster = line.ToString() };
        return true;
    }

    /// <summary><c>  [1] gros-[2-3].nancy.grid5000.fr</c>.</summary>
    bool TakePart(KadeployLane lane, ReadOnlySpan<char> line)
    {
        line = line.Trim();
        if (!line.TryCut("[") || !line.TryCutTo("] ", out ReadOnlySpan<char> id) || !IsMark(id) || ReadNodes(line) is not NodeSet nodes) return false;
        lane.Parts.Add(new NodeSetPart(id.ToString(), nodes));
        return true;
    }

    /// <summary><c>  [gros]</c>, <c>  [Macro-micro] ~6s (OK)</c>, or a node beneath one of the latter.</summary>
    bool TakeStatus(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        if (line.IsHostName())
        {
            _statusNodes.Add(Name(line));
            return true;
        }
        if (!line.TryCut("[") || !line.TryCutTo("]", out ReadOnlySpan<char> step)) return false;
        EndStatusRow();
        if (line.IsEmpty && !step.ContainsAnyInRange('A', 'Z')) _statusCluster = step.ToString();
        else if (line.IsEmpty) _statusRow = (step.ToString(), "", TimeSpan.Zero);
        else if (line.TryCut(" ~") && line.TryCutTo(" (", out ReadOnlySpan<char> elapsed) && elapsed.TryReadSeconds(out TimeSpan time))
            _statusRow = (step.ToString(), line.TrimEnd(')').ToString(), time);
        return true;
    }

    void EndStatusRow()
    {
        if (_statusRow is var (step, state, elapsed))
            _statusEntries.Add(new KadeployStatusEntry(_statusCluster, step, state, elapsed, NodeSet.From(_statusNodes)));
        _statusRow = null;
        _statusNodes.Clear();
    }

    /// <summary>A line of a block NODE, COMMAND, STDOUT, STDERR, STATUS.</summary>
    void TakeTrace(ReadOnlySpan<char> line)
    {
        if (line.TryCut("NODE: "))
        {
            EndTrace();
            _tracedNode = Name(line);
        }
        else if (line.TryCut("COMMAND: ")) _tracedCommand = line.ToString();
        else if (line.TryCut("STDOUT: ")) _tracedOutput.Append(line).Append('\n');
        else if (line.TryCut("STDERR: ")) _tracedError.Append(line).Append('\n');
        else if (line.TryCut("STATUS: ")) EndTrace(line.ToString());
    }

    void EndTrace(string? status = null)
    {
        if (_tracedNode is not null && _tracedCommand is not null)
            Tell(_lanes[""], new CommandTraced(_tracedNode, _tracedCommand, _tracedOutput.ToString(), _tracedError.ToString(), status));
        _tracedNode = _tracedCommand = null;
        _tracedOutput.Clear();
        _tracedError.Clear();
    }
}
