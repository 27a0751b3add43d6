using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Unlock-WaltNode: gives nodes back, by booting the default image on them.</summary>
[Cmdlet(VerbsCommon.Unlock, "WaltNode", SupportsShouldProcess = true)]
[OutputType(typeof(WaltNodeInfo))]
public sealed class UnlockWaltNodeCommand : WaltRebootCmdlet
{
    internal override string Action => "Release";

    internal override async Task<IReadOnlyList<WaltNodeInfo>> ChooseAsync(WaltAccess walt, IReadOnlyList<WaltNodeInfo> nodes,
        CancellationToken cancellationToken)
    {
        WaltOwnership ownership = await walt.Server.GetOwnershipAsync([.. nodes.Select(n => n.Name)], cancellationToken).ConfigureAwait(false);
        foreach (string foreign in ownership.Foreign) WriteFailure(Failures.NodeNotOwned(nodes.First(n => n.Name == foreign)));
        if (PassThru) foreach (string free in ownership.Free) Write(nodes.First(n => n.Name == free));
        return [.. nodes.Where(n => ownership.Owned.Contains(n.Name))];
    }

    internal override Task<IReadOnlyList<WaltBootRequest>> PlanAsync(WaltServer server, IReadOnlyList<string> nodes,
        CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<WaltBootRequest>>([new WaltBootRequest { Nodes = nodes, Image = "default" }]);
}
