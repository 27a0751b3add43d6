using WaltG5k.Base;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>The operations of Kadeploy that this session has seen, for completion and to know their sites.</summary>
internal static class KadeployNames
{
    public static void Remember(G5kSession session, KadeployWorkflow workflow) =>
        session.WorkflowNames[workflow.Id] = (workflow.Site, $"{workflow.Site} {workflow.Operation} {workflow.State}");

    public static string? SiteOf(G5kSession session, string id) => session.WorkflowNames.TryGetValue(id, out (string Site, string ToolTip) known) ? known.Site : null;
}
