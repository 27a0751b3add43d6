using WaltG5k.Base;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>The operations of Kadeploy that this session has seen, for completion and to know their sites.</summary>
internal static class KadeployNames
{
    public static void Remember(G5kSession session, KadeployWorkflow workflow) =>
        session.WorkflowNames[workflow.Id] = (workflow.Site, $"{workflow.Site} {workflow.Operation} {workflow.State}");

    /// <summary>
    /// The site of each operation: as given, where it was seen, or the connection's own. One whose site nobody knows is an error record.
    /// </summary>
    public static async Task<IReadOnlyList<(string Id, string Site)>> LocateAsync(
        G5kCmdlet cmdlet, IEnumerable<(string Id, string? Site)> workflows, CancellationToken cancellationToken)
    {
        List<(string Id, string Site)> located = [];
        foreach ((string id, string? given) in workflows.Distinct())
        {
            string? site = given ?? SiteOf(cmdlet.Session, id) ?? await OarAccess.FindSiteAsync(cmdlet, null,
                cancellationToken).ConfigureAwait(false);
            if (site is null) cmdlet.WriteFailure(Failures.WorkflowSiteMissing(id));
            else located.Add((id, site));
        }
        return located;
    }

    static string? SiteOf(G5kSession session, string id) => session.WorkflowNames.TryGetValue(id, out (string Site, string ToolTip) known)
        ? known.Site : null;
}
