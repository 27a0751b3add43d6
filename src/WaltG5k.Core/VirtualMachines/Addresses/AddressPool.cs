using WaltG5k.Core.Text;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Addresses;

/// <summary>An address and the MAC that goes with it.</summary>
public sealed record VMAddress(string Ip, string Mac)
{
    public override string ToString() => Ip;
}

/// <summary>
/// The addresses that machines may have in one network, in their order, none of them anybody else's. The same text gives the same pool, and the same
/// machines in the same order get the same addresses.
/// </summary>
public sealed class AddressPool
{
    internal AddressPool(string description, IReadOnlyList<VMAddress> addresses)
    {
        Description = description;
        Addresses = addresses.AsArray();
    }

    /// <summary>Where they come from: <c>subnets 10.144.4.0/22</c>.</summary>
    public string Description { get; }

    public IReadOnlyList<VMAddress> Addresses { get; }

    public int Count => Addresses.Count;

    /// <summary>The gateway of the network; null: not known.</summary>
    public string? Gateway { get; init; }

    /// <summary>The network, such as <c>10.16.0.0/18</c>; null: several, or not known.</summary>
    public string? Network { get; init; }

    /// <summary>
    /// Gives every machine an address and its MAC. Those that have an address of this pool keep it; the others take the free ones in order. A MAC
    /// that belongs to no address of the pool is replaced.
    /// </summary>
    /// <exception cref="G5kException"><c>NotEnoughAddresses</c>, before anything is given out; <c>AddressTakenTwice</c>.</exception>
    public VMTopology Assign(VMTopology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var byIp = Addresses.ToDictionary(a => a.Ip, StringComparer.Ordinal);
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        VirtualMachine[] machines = topology.Machines;
        foreach (VirtualMachine machine in machines)
        {
            if (machine.Ip is not { } ip || !byIp.ContainsKey(ip)) continue;
            if (!taken.TryAdd(ip, machine.Id))
                throw new G5kException("AddressTakenTwice", ErrorKind.InvalidData, $"{taken[ip]} and {machine.Id} both have the address {ip}.",
                    machine.Id, "Leave the addresses out of the topology: they are given when it is deployed.");
        }
        if (machines.Length > Addresses.Count) throw NotEnough(machines.Length);
        int next = 0;
        VMAddress Take(VirtualMachine machine)
        {
            if (machine.Ip is { } ip && byIp.TryGetValue(ip, out VMAddress? own)) return own;
            while (taken.ContainsKey(Addresses[next].Ip)) next++;
            return Addresses[next++];
        }
        return topology.Update((_, machine) => Take(machine) is var address ? machine with { Ip = address.Ip, Mac = address.Mac } : machine);
    }

    G5kException NotEnough(int wanted) => new("NotEnoughAddresses", ErrorKind.LimitsExceeded,
        FormattableString.Invariant($"{wanted} machines want an address, and {Description} has {Addresses.Count}."), Description,
        FormattableString.Invariant($"Reserve {SubnetDemand.For(wanted)} instead, or a VLAN with more room."));

    public override string ToString() => FormattableString.Invariant($"{Description}: {Addresses.Count} addresses");
}
