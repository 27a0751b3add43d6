using System.Text;

namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// What an interrupted deployment leaves behind, as a small table: the nodes in each state, those that are ready first.
/// <code>
/// The deployment was interrupted. Kadeploy has been told to stop.
///   gros-3.nancy.grid5000.fr      ready
///   gros-[1-2].nancy.grid5000.fr  interrupted in BroadcastEnvKascade-send_environment
/// Interrupted nodes have no usable system until they are deployed again.
/// </code>
/// </summary>
static class InterruptionReport
{
    /// <param name="wasStopped">Whether the Kadeploy of a site has confirmed that it stops.</param>
    public static string Write(IReadOnlyList<NodeDeploymentStatus> nodes, Func<string, bool> wasStopped)
    {
        (string Nodes, string State)[] rows =
        [
            .. nodes.GroupBy(n => (Order: (int)OrderOf(n), State: StateOf(n))).OrderBy(g => g.Key.Order).ThenBy(g => g.Key.State,
                StringComparer.Ordinal)
                .SelectMany(g => g.GroupBy(n => KadeployNodes.SiteOf(n.Node)).Select(s => (KadeployNodes.Fold(s.Select(n => n.Node)), g.Key.State))),
        ];
        int width = rows.Select(r => r.Nodes.Length).DefaultIfEmpty().Max();
        var text = new StringBuilder("The deployment was interrupted.");
        string[] busy = [.. nodes.Where(n => n.Phase == NodeDeploymentPhase.Deploying).Select(n => KadeployNodes.SiteOf(n.Node)).Distinct()];
        string[] unsure = [.. busy.Where(s => !wasStopped(s))];
        if (unsure.Length > 0)
            text.Append(" Kadeploy at ").AppendJoin(", ",
                unsure).Append(" has not confirmed that it stops: look with Get-G5kNodeState -Site ").Append(unsure[0]).Append('.');
        else if (busy.Length > 0) text.Append(" Kadeploy has been told to stop.");
        foreach ((string names, string state) in rows) text.Append("\n  ").Append(names.PadRight(width)).Append("  ").Append(state);
        if (busy.Length > 0) text.Append("\nInterrupted nodes have no usable system until they are deployed again.");
        return text.ToString();
    }

    enum Order { Ready, Failed, Retrying, Interrupted, Untouched }

    static Order OrderOf(NodeDeploymentStatus node) => node switch
    {
        { Result.IsOk: true } => Order.Ready,
        { Result: not null } => Order.Failed,
        { Phase: NodeDeploymentPhase.Retrying } => Order.Retrying,
        { Phase: NodeDeploymentPhase.Deploying } => Order.Interrupted,
        _ => Order.Untouched,
    };

    static string StateOf(NodeDeploymentStatus node) => OrderOf(node) switch
    {
        Order.Ready => node.Result!.Status == KadeployNodeStatus.Breakpoint ? "stopped at the breakpoint" : "ready",
        Order.Failed => node.Result!.Step is { } step ? $"failed in {step}" : "failed",
        Order.Retrying => "failed, and not tried again",
        Order.Interrupted => node.Step is { } step ? $"interrupted in {step}" : "interrupted at its beginning",
        _ => "untouched",
    };
}
