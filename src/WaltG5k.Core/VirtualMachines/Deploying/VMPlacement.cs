using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>Machines on real hosts: as the topology says, or as the placement finds.</summary>
static class VMPlacement
{
    /// <exception cref="G5kException"><c>MachinesDoNotFit</c>, <c>HostsMissing</c>.</exception>
    public static VMTopology Arrange(VMDeploymentRequest request, IReadOnlyList<VMHost> hosts)
    {
        if (request.Topology is { } topology)
        {
            VMTopology mapped = TopologyMapping.Map(topology, hosts, out _);
            TopologyProblem[] problems = [.. TopologyCheck.Run(mapped, request.Placement)
                .Where(p => !p.IsWarning && p.Code is "HostOverfull" or "RuleBroken")];
            return problems.Length == 0 ? mapped : throw new G5kException("MachinesDoNotFit", ErrorKind.LimitsExceeded,
                string.Join(" ", problems.Take(3).Select(p => p.Message)), problems[0].Target,
                "Change the topology, or allow more with -CpuOvercommit and -MemoryOvercommit: Test-G5kVMTopology shows all of it.");
        }
        PlacementResult result = VMPlacer.Place(hosts, request.Machines, request.Placement);
        if (!result.IsComplete) throw DoNotFit(result, hosts.Count);
        return new VMTopology
        {
            Name = request.Reserve?.Name ?? request.Reservation?.Name ?? "", Apart = request.Placement.Apart, Together = request.Placement.Together,
            Hosts = [.. result.Hosts.Where(h => h.Machines.Count > 0)],
        };
    }

    public static G5kException DoNotFit(PlacementResult result, int hosts)
    {
        PlacementRefusal first = result.Refusals[0];
        return new G5kException("MachinesDoNotFit", ErrorKind.LimitsExceeded,
            FormattableString.Invariant($"{result.Refusals.Count} machines find no place on {hosts} hosts. {first}"), first.Machine.Id,
            first.Remedy.Text.Length > 0 ? first.Remedy.Text : "Take more hosts, or smaller machines: Measure-G5kVMCapacity shows how many fit.");
    }
}
