using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Lock-WaltNode: makes nodes one's own, by booting one's own clone of the default image on them.</summary>
[Cmdlet(VerbsCommon.Lock, "WaltNode", SupportsShouldProcess = true)]
[OutputType(typeof(WaltNodeInfo))]
public sealed class LockWaltNodeCommand : WaltRebootCmdlet
{
    internal override string Action => "Acquire";

    internal override async Task<IReadOnlyList<WaltNodeInfo>> ChooseAsync(WaltAccess walt, IReadOnlyList<WaltNodeInfo> nodes,
        CancellationToken cancellationToken)
    {
        WaltOwnership ownership = await walt.Server.GetOwnershipAsync([.. nodes.Select(n => n.Name)], cancellationToken).ConfigureAwait(false);
        foreach (string foreign in ownership.Foreign) WriteFailure(Failures.NodeNotOwned(nodes.First(n => n.Name == foreign)));
        if (PassThru) foreach (string mine in ownership.Owned) Write(nodes.First(n => n.Name == mine));
        return [.. nodes.Where(n => ownership.Free.Contains(n.Name))];
    }

    internal override async Task<IReadOnlyList<WaltBootRequest>> PlanAsync(WaltServer server, IReadOnlyList<string> nodes,
        CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> images = await server.CloneDefaultImagesAsync(nodes, cancellationToken).ConfigureAwait(false);
        return [.. nodes.GroupBy(n => images[n]).Select(g => new WaltBootRequest { Nodes = [.. g], Image = g.Key })];
    }
}
