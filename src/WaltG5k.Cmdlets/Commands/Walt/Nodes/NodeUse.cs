using WaltG5k.Base;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Whether nodes may be used: WalT's rule is that one's own and free ones may, and those of others only on request.</summary>
internal static class NodeUse
{
    /// <summary>The nodes that may be used. An error for each that belongs to somebody else, and one warning about free ones.</summary>
    /// <param name="force">Those of others too.</param>
    public static async Task<IReadOnlyList<WaltNodeInfo>> FilterAsync(
        WaltAccess walt, IReadOnlyList<WaltNodeInfo> nodes, IOutput output, bool force, CancellationToken cancellationToken)
    {
        if (nodes.Count == 0) return nodes;
        WaltOwnership ownership = await walt.Server.GetOwnershipAsync([.. nodes.Select(n => n.Name)], cancellationToken).ConfigureAwait(false);
        if (ownership.Free.Count > 0)
            output.Warning(
                $"Free nodes, which anybody may take at any time: {Parameters.NodeNames.Fold(ownership.Free)}. Make them yours: Lock-WaltNode {Parameters.NodeNames.Fold(ownership.Free)}");
        if (force) return nodes;
        HashSet<string> foreign = [.. ownership.Foreign];
        foreach (WaltNodeInfo node in nodes.Where(n => foreign.Contains(n.Name))) output.WriteError(Errors.From(Failures.NodeNotOwned(node)));
        return [.. nodes.Where(n => !foreign.Contains(n.Name))];
    }
}
