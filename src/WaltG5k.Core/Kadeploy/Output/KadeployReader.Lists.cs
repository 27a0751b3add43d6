using System.Text;

namespace WaltG5k.Core.Kadeploy;

public sealed partial class KadeployReader
{
    /// <summary>What the lines after the last step are.</summary>
    enum FinalList { None, Successful, Failed, Script }

    readonly StringBuilder _reason = new();
    FinalList _list;
    string? _failedNode;

    /// <summary><c>The deployment is successful on nodes</c>, <c>The reboot operation failed on nodes</c> …</summary>
    bool TakeHeading(ReadOnlySpan<char> line)
    {
        if (!line.TryCut("The deployment ") && !line.TryCut("The reboot operation ") && !line.TryCut("The power operation ")) return false;
        FinalList list = line.TrimEnd() switch
        {
            "is successful on nodes" => FinalList.Successful,
            "failed on nodes" => FinalList.Failed,
            _ => FinalList.None,
        };
        if (list == FinalList.None) return false;
        EndFailure();
        _list = list;
        return true;
    }

    /// <summary>False: the line is none of a list and has to be looked at like any other.</summary>
    bool TakeFromList(ReadOnlySpan<char> line)
    {
        if (_list == FinalList.Script) return TakeScriptEnd(line);
        if (TakeHeading(line) || TakeScript(line)) return true;
        if (_list == FinalList.Successful)
        {
            ReadOnlySpan<char> name = line.Trim();
            if (!name.IsHostName()) return false;
            Tell(_lanes[""], new NodeReported(Name(name), true, null, null, null));
            return true;
        }
        if (_failedNode is not null && !IsClosed(_reason))
        {
            // Reasons are what some command printed: they go on until a line ends in the closing bracket.
            _reason.Append('\n').Append(line);
            return true;
        }
        ReadOnlySpan<char> rest = line;
        bool hasReason = rest.TryCutTo(" (", out ReadOnlySpan<char> node) && node.IsHostName();
        if (!hasReason) node = line.Trim();
        if (node.IsHostName())
        {
            EndFailure();
            _failedNode = Name(node);
            _reason.Append(hasReason ? rest : ")");
        }
        else if (_failedNode is not null) _reason.Append('\n').Append(line);
        else return false;
        return true;
    }

    void EndFailure()
    {
        if (_failedNode is not string node) return;
        _failedNode = null;
        string text = _reason.ToString();
        _reason.Clear();
        // What a terminal or ssh adds after the list stands behind the last bracket.
        int end = text.LastIndexOf(')');
        ReadOnlySpan<char> reason = (end < 0 ? text : text.AsSpan(0, end)).Trim();
        ReadOnlySpan<char> rest = reason;
        if (rest.TryCutTo(":", out ReadOnlySpan<char> step) && step.IndexOf('-') is > 0 and int dash && step.IsStepName())
            Tell(_lanes[""], new NodeReported(node, false, Name(step[..dash]), Name(step[(dash + 1)..]), OrNull(rest.Trim())));
        else
            Tell(_lanes[""], new NodeReported(node, false, null, null, OrNull(reason)));
    }

    static string? OrNull(ReadOnlySpan<char> text) => text.IsEmpty ? null : text.ToString();

    /// <summary><c>Running SCRIPT</c> after the lists; within a reason the words may mean something else.</summary>
    bool TakeScript(ReadOnlySpan<char> line)
    {
        if (!line.TryCut("Running ") || line.IsEmpty || (_failedNode is not null && !IsClosed(_reason))) return false;
        EndFailure();
        _list = FinalList.Script;
        Tell(_lanes[""], new ScriptStarted(line.TrimEnd().ToString()));
        return true;
    }

    static bool IsClosed(StringBuilder reason)
    {
        int end = reason.Length;
        while (end > 0 && char.IsWhiteSpace(reason[end - 1])) end--;
        return end > 0 && reason[end - 1] == ')';
    }

    bool TakeScriptEnd(ReadOnlySpan<char> line)
    {
        if (line.TrimEnd() is not ("Success !" or "Fail !")) return false;
        _list = FinalList.None;
        Tell(_lanes[""], new ScriptEnded(line[0] == 'S'));
        return true;
    }
}
