using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

public sealed partial class KadeployReader
{
    /// <summary>Takes a line without its mark; false: it is of no known kind.</summary>
    bool Take(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (lane.Open != KadeployLane.Block.None && TakeFromBlock(lane, line)) return true;
        switch (line[0])
        {
            case ' ': return TakeIndented(lane, line);
            case '-': return TakeRule(lane, line);
            case 'P': return TakePerforming(lane, line) || TakeOperation(lane, line, "Power operation", KadeployOperation.Power)
                || TakeOutcome(lane, line);
            case 'D': return TakeOrdered(line, KadeployOperation.Deployment) || TakeOperation(lane, line, "Deployment", KadeployOperation.Deployment)
                || TakeOutcome(lane, line);
            case 'R': return TakeOrdered(line, KadeployOperation.Reboot) || TakeOperation(lane, line, "Reboot operation", KadeployOperation.Reboot)
                || TakeOutcome(lane, line) || TakeScript(line);
            case 'E': return TakeEnd(lane, line);
            case 'S': return TakeStepOutcome(lane, line) || TakeInterrupt(lane, line);
            case 'T': return TakeHeading(line) || TakeTimeout(lane, line) || TakeDiscarded(lane, line);
            case 'L': return TakeLaunch(lane, line);
            case 'N': return OpenSplit(lane, line);
            case 'C': return OpenClusters(lane, line);
            case 'B': return line.StartsWith("Breakpoint reached for ", StringComparison.Ordinal); // the line before has told more
            case 'G': return TakeGrabbed(lane, line);
            case '*': return TakeBreakpoint(lane, line);
            case '!': return TakeFailedMicroStep(lane, line);
            default: return TakePower(lane, line);
        }
    }

    bool TakeIndented(KadeployLane lane, ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> text = line.TrimStart();
        int indent = line.Length - text.Length;
        if (text.TryCut("* ")) return TakeNote(lane, text);
        if (text.TryCut("~ Time in "))
        {
            int colon = text.LastIndexOf(": ", StringComparison.Ordinal);
            if (colon < 0 || !text[(colon + 2)..].TryReadSeconds(out TimeSpan duration)) return false;
            Tell(lane, new MicroStepTimed(Name(text[..colon]), duration));
            return true;
        }
        if (text.TryCut("! "))
        {
            Tell(lane, new MicroStepNote(text.ToString()));
            return true;
        }
        if (indent != 2 || lane.MacroStep is null || !text.TrimEnd().IsStepName()) return false;
        Tell(lane, new MicroStepStarted(lane.MacroStep, Name(text.TrimEnd())));
        return true;
    }

    bool TakeNote(KadeployLane lane, ReadOnlySpan<char> note)
    {
        ReadOnlySpan<char> text = note;
        if (text.TryCut("Performing a ") && text.TryCutTo(" on ", out ReadOnlySpan<char> order))
        {
            // The order may itself hold " on ": "hard power on on gros-1".
            if (text.TryCut("on ")) order = note.Slice("Performing a ".Length, order.Length + " on".Length);
            int blank = order.IndexOf(' ');
            if (blank > 0 && ReadNodes(text) is NodeSet nodes)
            {
                Tell(lane, new PowerOrdered(Name(order[..blank]), Name(order[(blank + 1)..])), nodes);
                return true;
            }
        }
        text = note;
        if (text.TryCutTo(" is here after ", out ReadOnlySpan<char> node) && text.TryReadSeconds(out TimeSpan after))
        {
            Tell(lane, new NodeArrived(Name(node), after));
            return true;
        }
        text = note;
        if (text.TryCut("Broadcast time: ") && text.TryReadSeconds(out after))
        {
            Tell(lane, new BroadcastTimed(after));
            return true;
        }
        if (text.TryCut("Bypassing the step ") && TryCutMacroStep(ref text, out ReadOnlySpan<char> macro) && text.TryCut("-"))
        {
            Tell(lane, new MicroStepBypassed(Name(macro), Name(text)));
            return true;
        }
        Tell(lane, note.StartsWith("Kill a ", StringComparison.Ordinal) ? new InstanceKilled() : new MicroStepNote(note.ToString()));
        return true;
    }

    /// <summary>Cuts off <c>Deploy[BootNewEnvKexec]</c>: the kind of operation, and in brackets the instance.</summary>
    static bool TryCutMacroStep(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> macro)
    {
        macro = default;
        ReadOnlySpan<char> rest = text;
        if (!rest.TryCutTo("[", out ReadOnlySpan<char> kind) || kind is not ("Deploy" or "Reboot" or "Power")) return false;
        if (!rest.TryCutTo("]", out macro) || macro.IsEmpty) return false;
        text = rest;
        return true;
    }

    bool TakePerforming(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("Performing a ") || !TryCutMacroStep(ref line, out ReadOnlySpan<char> macro)
            || !line.StartsWith(" step", StringComparison.Ordinal)) return false;
        string name = Name(macro);
        if (lane.MacroStep is string last && !lane.HasEnded) Tell(lane, last == name ? new InstanceRetried(name) : new InstanceFellBack(last, name));
        lane.MacroStep = name;
        lane.HasEnded = false;
        Tell(lane, new MacroStepStarted(name));
        return true;
    }

    /// <summary><c>Step Deploy[X] failed for NODES after 63s</c> or <c>Step Deploy[X] breakpointed</c>.</summary>
    bool TakeStepOutcome(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("Step ") || !TryCutMacroStep(ref line, out ReadOnlySpan<char> macro)) return false;
        if (line.TrimEnd() is " breakpointed")
        {
            lane.HasEnded = true;
            return true;
        }
        if (!line.TryCut(" failed for ") || !line.TryCutAfter(out TimeSpan after) || ReadNodes(line) is not NodeSet nodes) return false;
        Tell(lane, new MacroStepFailed(Name(macro), after), nodes);
        return true;
    }

    bool TakeEnd(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("End of ") || !line.TryCutAfter(out TimeSpan after)) return false;
        if (line.TryCut("step "))
        {
            if (!TryCutMacroStep(ref line, out ReadOnlySpan<char> macro)) return false;
            lane.HasEnded = true;
            Tell(lane, new MacroStepEnded(Name(macro), after));
            return true;
        }
        ReadOnlySpan<char> rest = line;
        if (rest.TryCutTo(" on cluster ", out _))
        {
            lane.Cluster ??= rest.ToString();
            Tell(lane, new ClusterCompleted(after));
            return true;
        }
        if (!line.TryCutTo(" for ", out _) || ReadNodes(line) is not NodeSet nodes) return false;
        Tell(lane, new NodesCompleted(after), nodes);
        return true;
    }

    bool TakeOperation(KadeployLane lane, ReadOnlySpan<char> line, string title, KadeployOperation operation)
    {
        if (!line.TryCut(title)) return false;
        if (line.TryCut(" #"))
        {
            if (!line.TryCutTo(" ", out ReadOnlySpan<char> id)) return false;
            if (line.TrimEnd() is "started") Tell(lane, new WorkflowStarted(id.ToString(), operation, true));
            else if (line.TrimEnd() is "done") Tell(lane, new WorkflowDone(id.ToString()));
            else return false;
            return true;
        }
        return OpenStatus(lane, line);
    }

    /// <summary><c>Deployment aborted</c> or <c>Deployment failed for NODES after 63s</c>, in the words of each operation.</summary>
    bool TakeOutcome(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("Deployment ") && !line.TryCut("Reboot ") && !line.TryCut("Power operation ")) return false;
        if (line.TrimEnd() is "aborted")
        {
            Tell(lane, new WorkflowAborted());
            return true;
        }
        if (!line.TryCut("failed for ") || !line.TryCutAfter(out TimeSpan after) || ReadNodes(line) is not NodeSet nodes) return false;
        Tell(lane, new NodesFailed(after), nodes);
        return true;
    }

    /// <summary><c>D-… /deployment/D-…/</c>, all that <c>--no-wait</c> prints.</summary>
    bool TakeOrdered(ReadOnlySpan<char> line, KadeployOperation operation)
    {
        if (line.Length < 2 || line[1] != '-' || !line.TryCutTo(" /", out ReadOnlySpan<char> id)) return false;
        Tell(_lanes[""], new WorkflowStarted(id.ToString(), operation, false));
        return true;
    }

    bool TakeTimeout(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("Timeout in the ") || !line.TryCutTo(" step, let's kill the instance", out ReadOnlySpan<char> step)) return false;
        Tell(lane, new StepTimedOut(Name(step)));
        return true;
    }

    bool TakeDiscarded(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("The nodes ") || !line.TryCutTo(" are already involved in ", out ReadOnlySpan<char> names)
            || ReadNodes(names) is not NodeSet nodes) return false;
        lane.Nodes = lane.Nodes.Except(nodes);
        Tell(lane, new NodesDiscarded(), nodes);
        return true;
    }

    bool TakeLaunch(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("Launching a ") || !line.TryCutTo(" on ", out _) || ReadNodes(line) is not NodeSet nodes) return false;
        lane.Nodes = nodes;
        lane.Cluster ??= ClusterOf(nodes);
        Tell(lane, new ClusterLaunched());
        return true;
    }

    static string? ClusterOf(NodeSet nodes)
    {
        string node = nodes.First();
        int end = node.AsSpan().IndexOf('.');
        int dash = (end < 0 ? node : node[..end]).LastIndexOf('-');
        return dash > 0 ? node[..dash] : null;
    }

    bool TakeGrabbed(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("Grab the ") || !line.TryCutTo(" file ", out ReadOnlySpan<char> kind)) return false;
        Tell(lane, new FileGrabbed(kind.ToString(), line.ToString()));
        return true;
    }

    bool TakeBreakpoint(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("*** Breakpoint on ") || !line.TryCutTo(" reached for ", out ReadOnlySpan<char> step)
            || ReadNodes(line) is not NodeSet nodes) return false;
        Tell(lane, new BreakpointReached(lane.MacroStep ?? "", Name(step)), nodes);
        return true;
    }

    bool TakeFailedMicroStep(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!line.TryCut("!!! The nodes ") || !line.TryCutTo(" failed on step ", out ReadOnlySpan<char> names)
            || ReadNodes(names) is not NodeSet nodes) return false;
        Tell(lane, new MicroStepFailed(Name(line.TrimEnd())), nodes);
        return true;
    }

    bool TakeInterrupt(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (line.TrimEnd() is not "SIGINT trapped") return false;
        Tell(lane, new ClientInterrupted());
        return true;
    }

    bool TakePower(KadeployLane lane, ReadOnlySpan<char> line)
    {
        if (!lane.AfterRule || !line.TryCutTo(": ", out ReadOnlySpan<char> node) || !node.IsHostName()) return false;
        Tell(lane, new PowerReported(Name(node), line.Trim().ToString()));
        return true;
    }
}
