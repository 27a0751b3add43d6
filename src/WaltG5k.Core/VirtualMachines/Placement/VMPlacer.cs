using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>
/// Puts virtual machines on hosts. Pure and deterministic: the same hosts, machines and options give the same answer. No machine is lost, none is on
/// two hosts, none takes what is not there; one for which there is no room is a refusal that says why.
/// </summary>
public static class VMPlacer
{
    /// <param name="hosts">With their hardware (<see cref="VMHost.Cpu"/>, <see cref="VMHost.Memory"/>) and what runs on them already, which
    /// stays.</param>
    /// <param name="machines">What to place; <see cref="VirtualMachine.PinnedHost"/> and <see cref="VirtualMachine.Groups"/> count.</param>
    /// <param name="options">How.</param>
    /// <exception cref="G5kException"><c>InvalidPlacementRule</c>, <c>InvalidOvercommit</c>.</exception>
    public static PlacementResult Place(IReadOnlyList<VMHost> hosts, IReadOnlyList<VirtualMachine> machines, PlacementOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PlacementRun(hosts, machines, options).Run();
    }

    /// <summary>
    /// Places all machines of a topology anew on other hosts, by its own rules: after hosts failed, or when it was written without placement.
    /// </summary>
    public static PlacementResult Place(IReadOnlyList<VMHost> hosts, VMTopology topology, PlacementOptions options)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(options);
        return Place(hosts, topology.Machines, options with { Apart = [.. topology.Apart, .. options.Apart],
            Together = [.. topology.Together, .. options.Together] });
    }

    /// <summary>
    /// How many empty hosts like <paramref name="model"/> would have to be added for everything to fit; null: no number up to the limit helps.
    /// </summary>
    /// <param name="hosts">As for the placement.</param>
    /// <param name="machines">As for the placement.</param>
    /// <param name="options">As for the placement.</param>
    /// <param name="model">A host whose hardware the new ones have.</param>
    /// <param name="limit">The largest number tried.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static int? CountMissingHosts(
        IReadOnlyList<VMHost> hosts, IReadOnlyList<VirtualMachine> machines, PlacementOptions options, VMHost model, int limit = 64,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        List<VMHost> more = [.. hosts];
        for (int count = 0; count <= limit; count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Place(more, machines, options).IsComplete) return count;
            more.Add(model with { Name = FormattableString.Invariant($"more-{count + 1}"), Machines = [] });
        }
        return null;
    }
}
