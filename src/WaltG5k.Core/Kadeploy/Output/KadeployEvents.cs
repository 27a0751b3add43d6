using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

/// <summary>The kind of an operation of Kadeploy; its ids begin with D, R or P.</summary>
public enum KadeployOperation
{
    Deployment,
    Reboot,
    Power,
}

/// <summary>
/// One thing that the output of kadeploy3, kareboot3 or kapower3 tells. Durations are the seconds printed there, rounded by Kadeploy.
/// </summary>
public abstract record KadeployEvent
{
    /// <summary>The nodes concerned: those that the line names, else those of the node set whose line it is.</summary>
    public virtual NodeSet Nodes { get; internal set; } = NodeSet.Empty;

    /// <summary>The mark of the line: empty, <c>1</c> after a split, <c>c1</c> with several clusters, <c>c1.1</c> with both.</summary>
    public string NodeSetId { get; internal set; } = "";

    /// <summary>The cluster, where the line tells.</summary>
    public string? Cluster { get; internal set; }

    /// <summary>When the line came, from the beginning of the reading on.</summary>
    public TimeSpan Time { get; internal set; }
}

/// <summary>An event about one node.</summary>
public abstract record KadeployNodeEvent(string Node) : KadeployEvent
{
    public override NodeSet Nodes => NodeSet.From([Node]);
}

/// <summary>The server has taken the operation: <c>Deployment #D-… started</c>, or the only line of <c>--no-wait</c>.</summary>
/// <param name="IsWaitedFor">False: the client has ended and the operation goes on.</param>
public sealed record WorkflowStarted(string WorkflowId, KadeployOperation Operation, bool IsWaitedFor) : KadeployEvent;

/// <summary><c>Deployment #D-… done</c>: the lists of nodes follow.</summary>
public sealed record WorkflowDone(string WorkflowId) : KadeployEvent;

/// <summary>A file is fetched into the server's cache first.</summary>
/// <param name="Kind"><c>key</c>, <c>tarball</c>, <c>postinstall</c> …</param>
public sealed record FileGrabbed(string Kind, string Path) : KadeployEvent;

/// <summary>The clusters of an operation on several, by the mark of their lines.</summary>
public sealed record ClustersInvolved(IReadOnlyDictionary<string, string> Clusters) : KadeployEvent;

/// <summary>The operation begins on the nodes of one cluster.</summary>
public sealed record ClusterLaunched : KadeployEvent;

/// <summary>Nodes left out because another operation works on them.</summary>
public sealed record NodesDiscarded : KadeployEvent;

public sealed record MacroStepStarted(string MacroStep) : KadeployEvent;

/// <param name="After">From the beginning of the macro-step, before any split.</param>
public sealed record MacroStepEnded(string MacroStep, TimeSpan After) : KadeployEvent;

/// <summary>The macro-step failed for some of its nodes; those may be tried again by its next instance.</summary>
public sealed record MacroStepFailed(string MacroStep, TimeSpan After) : KadeployEvent;

/// <summary>A step took longer than it may, and is killed.</summary>
/// <param name="Step">A macro-step or a micro-step.</param>
public sealed record StepTimedOut(string Step) : KadeployEvent;

/// <summary>
/// An instance failed or timed out, and the next of the same macro-step takes over: <c>BootNewEnvKexec</c>, then <c>BootNewEnvHardReboot</c>.
/// </summary>
public sealed record InstanceFellBack(string From, string To) : KadeployEvent;

/// <summary>The same instance is tried again.</summary>
public sealed record InstanceRetried(string MacroStep) : KadeployEvent;

public sealed record MicroStepStarted(string MacroStep, string MicroStep) : KadeployEvent;

/// <param name="MicroStep">Custom operations have names such as <c>custom_post_manage_user_post_install-hello</c>.</param>
public sealed record MicroStepTimed(string MicroStep, TimeSpan Duration) : KadeployEvent;

/// <summary>A micro-step that is not needed, told at level 5 before the macro-step begins.</summary>
public sealed record MicroStepBypassed(string MacroStep, string MicroStep) : KadeployEvent;

/// <summary><c>!!! The nodes … failed on step …</c>; missing altogether when all nodes of an instance fail at once.</summary>
public sealed record MicroStepFailed(string MicroStep) : KadeployEvent;

/// <summary>A remark beneath a micro-step that has no event of its own: <c>Executing custom command</c>.</summary>
public sealed record MicroStepNote(string Text) : KadeployEvent;

/// <summary>An order to the machines themselves.</summary>
/// <param name="Level"><c>soft</c>, <c>hard</c> or <c>very_hard</c>.</param>
/// <param name="Action"><c>reboot</c>, <c>power on</c> or <c>power off</c>.</param>
public sealed record PowerOrdered(string Level, string Action) : KadeployEvent;

/// <summary>A node answers after its reboot; told at level 5.</summary>
public sealed record NodeArrived(string Node, TimeSpan After) : KadeployNodeEvent(Node);

/// <summary>How long the broadcast of the image took.</summary>
public sealed record BroadcastTimed(TimeSpan Duration) : KadeployEvent;

/// <summary>Nodes stand still before this micro-step; Kadeploy counts them as successful and cannot go on with them.</summary>
public sealed record BreakpointReached(string MacroStep, string MicroStep) : KadeployEvent;

/// <summary>A node set is divided by what happened to its nodes: those that go on, those that failed.</summary>
public sealed record NodeSetSplit(IReadOnlyList<NodeSetPart> Parts) : KadeployEvent;

/// <summary>One part of a split node set, with the mark that its lines carry.</summary>
public sealed record NodeSetPart(string Id, NodeSet Nodes)
{
    public override string ToString() => $"[{Id}] {Nodes}";
}

/// <summary><c>End of deployment for …</c>: those nodes are through.</summary>
public sealed record NodesCompleted(TimeSpan After) : KadeployEvent;

/// <summary><c>Deployment failed for …</c>.</summary>
public sealed record NodesFailed(TimeSpan After) : KadeployEvent;

/// <summary>The operation has ended on a cluster, however it went.</summary>
public sealed record ClusterCompleted(TimeSpan After) : KadeployEvent;

/// <summary><c>Kill a deployment instance</c>: somebody has deleted the workflow.</summary>
public sealed record InstanceKilled : KadeployEvent;

/// <summary><c>Deployment aborted</c>.</summary>
public sealed record WorkflowAborted : KadeployEvent;

/// <summary>The client was interrupted and has deleted its workflow.</summary>
public sealed record ClientInterrupted : KadeployEvent;

/// <summary>A line of a power status: <c>on</c>, <c>off</c> or what the controller says.</summary>
public sealed record PowerReported(string Node, string State) : KadeployNodeEvent(Node);

/// <summary>A command that Kadeploy ran on a node, with <c>-d</c>.</summary>
/// <param name="Status">Null: it never ended.</param>
public sealed record CommandTraced(string Node, string Command, string Output, string Error, string? Status) : KadeployNodeEvent(Node);

/// <summary>The block that Enter on the client's terminal brings.</summary>
public sealed record StatusShown(TimeSpan Elapsed, IReadOnlyList<KadeployStatusEntry> Entries) : KadeployEvent;

/// <summary>One row of a status block.</summary>
/// <param name="State"><c>OK</c>, <c>KO</c> or <c>**</c> while it is under way; empty where none is given.</param>
public sealed record KadeployStatusEntry(string? Cluster, string Step, string State, TimeSpan Elapsed, NodeSet Nodes);

/// <summary>The client runs the user's script (<c>-s</c>) after the operation.</summary>
public sealed record ScriptStarted(string Path) : KadeployEvent;

/// <summary>The script has ended; Kadeploy's exit status does not depend on it.</summary>
public sealed record ScriptEnded(bool IsOk) : KadeployEvent;

/// <summary>The final word on a node.</summary>
/// <param name="MacroStep">Where it failed; null when it did not, or when Kadeploy does not say.</param>
/// <param name="Reason">May have several lines.</param>
public sealed record NodeReported(string Node, bool IsOk, string? MacroStep, string? MicroStep, string? Reason) : KadeployNodeEvent(Node);

/// <summary>A line of another kind: what a script prints, a remark of the server.</summary>
public sealed record TextLine(string Text) : KadeployEvent;
