using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>Finds new hosts for the machines of one that is lost: at its site first, where they keep their addresses.</summary>
sealed class MachineRelocation(VMDeploymentContext context)
{
    public void MoveFrom(DeployedHost lost)
    {
        if (context.Facts.Topology is not { } topology) return;
        VirtualMachine[] homeless = [.. context.MachinesOn(lost.Name).Where(m => context.ProgressOf(m.Id).Stage != VMStage.Failed)];
        if (homeless.Length == 0) return;
        VMHost[] living = [.. topology.Hosts.Where(h => !context.Board.IsLost(h.Name))];
        PlacementResult near = Place([.. living.Where(h => h.Site == lost.Site)], homeless, topology);
        VirtualMachine[] left = [.. near.Refusals.Select(r => r.Machine)];
        PlacementResult far = Place([.. living.Where(h => h.Site != lost.Site)], left, topology);
        Dictionary<string, VMHost> changed = near.Hosts.Concat(far.Hosts).ToDictionary(h => h.Name, StringComparer.Ordinal);
        HashSet<string> stay = [.. far.Refusals.Select(r => r.Machine.Id)];
        context.Update(f => f with
        {
            Topology = context.Addresses.Renew(topology with
            {
                Hosts =
                [
                    .. topology.Hosts.Select(h => h.Name == lost.Name
                        ? h with { Machines = [.. h.Machines.Where(m => stay.Contains(m.Id) || context.ProgressOf(m.Id).Stage == VMStage.Failed)] }
                        : changed.GetValueOrDefault(h.Name) ?? h),
                ],
            }),
        });
        context.Advance([.. homeless.Select(m => m.Id).Where(m => !stay.Contains(m))], VMStage.Placed);
        foreach (PlacementRefusal refusal in far.Refusals) context.Fail(refusal.Machine, VMFindings.MachineHomeless(refusal, lost));
    }

    PlacementResult Place(IReadOnlyList<VMHost> hosts, VirtualMachine[] machines, VMTopology topology)
    {
        if (hosts.Count == 0 || machines.Length == 0)
            return new PlacementResult { Hosts = hosts,
                Refusals = [.. machines.Select(m => new PlacementRefusal(m) { Reason = "no other host is left" })] };
        PlacementOptions options = context.Request.Placement;
        return VMPlacer.Place(hosts, machines, options with
        {
            Distribution = Distribution.Balanced, Apart = [.. topology.Apart, .. options.Apart],
                Together = [.. topology.Together, .. options.Together],
        });
    }
}
