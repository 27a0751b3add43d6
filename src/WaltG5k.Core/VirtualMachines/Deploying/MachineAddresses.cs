using System.Globalization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Addresses;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>Addresses for the machines of a deployment: of the subnets that each site's job holds, or of the VLAN.</summary>
sealed class MachineAddresses(VMDeploymentContext context) : IDisposable
{
    static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    readonly SemaphoreSlim _one = new(1);
    IReadOnlyDictionary<string, AddressPool>? _pools;

    /// <summary>Gives every machine an address; those that have one of theirs keep it.</summary>
    /// <exception cref="G5kException"><c>NoSubnet</c>, <c>NotEnoughAddresses</c>, <c>VlanWithoutNetwork</c>.</exception>
    public async Task<VMTopology> AssignAsync(VMTopology topology, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, AddressPool> pools = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return Assign(topology, pools);
    }

    /// <summary>After machines have moved: to another site's subnets where they must. Without an address so far they stay without one.</summary>
    public VMTopology Renew(VMTopology topology) => _pools is { } pools && context.Facts.HasAddresses ? Assign(topology, pools) : topology;

    /// <summary>The one pool of a VLAN.</summary>
    public async Task<AddressPool> ReadVlanAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).Values.First();

    public async Task<IReadOnlyDictionary<string, AddressPool>> ReadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try { return _pools ??= await ReadPoolsAsync(cancellationToken).ConfigureAwait(false); }
        finally { _one.Release(); }
    }

    async Task<IReadOnlyDictionary<string, AddressPool>> ReadPoolsAsync(CancellationToken cancellationToken)
    {
        Reservation reservation = context.Reservation!;
        if (context.Facts.VlanId is { } vlan)
        {
            string site = reservation.Jobs.First(j => j.HoldsVlan).Site;
            return new Dictionary<string, AddressPool>(StringComparer.Ordinal) { [""] = await new VlanAddresses(context.Grid)
                .ReadAsync(site, vlan, cancellationToken).ConfigureAwait(false) };
        }
        string[] sites = [.. context.Facts.Topology!.Sites];
        AddressPool[] pools = await Task.WhenAll(sites.Select(s => ReadSubnetsAsync(context.Frontend(s), context.JobAt(s).JobId, cancellationToken)))
            .ConfigureAwait(false);
        return sites.Zip(pools).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
    }

    /// <summary>The pairs that the site's DHCP servers know, for a running job.</summary>
    public static async Task<AddressPool> ReadSubnetsAsync(IFrontend frontend, long job, CancellationToken cancellationToken)
    {
        var request = new CommandRequest("g5k-subnets", "-i", "-m", "-j", job.ToString(CultureInfo.InvariantCulture)) { Timeout = s_timeout };
        CommandResult result = await frontend.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus == 0) return SubnetAddresses.Read(result.Output);
        bool isNone = result.Error.Contains("No subnet", StringComparison.OrdinalIgnoreCase);
        if (!isNone) result.EnsureSuccess("SubnetsNotRead", $"g5k-subnets fails at {frontend.Site}", frontend.Site,
            FormattableString.Invariant($"Try it there: g5k-subnets -i -m -j {job}"));
        throw new CommandFailedException("NoSubnet", FormattableString.Invariant($"The job {job} at {frontend.Site} holds no subnet"), result,
            FormattableString.Invariant($"{frontend.Site}:{job}"),
            "Reserve one with the nodes: oarsub -l slash_22=1+nodes=2, or let New-G5kVMDeployment reserve.", ErrorKind.ObjectNotFound);
    }

    public void Dispose() => _one.Dispose();

    static VMTopology Assign(VMTopology topology, IReadOnlyDictionary<string, AddressPool> pools)
    {
        if (pools.TryGetValue("", out AddressPool? vlan)) return vlan.Assign(topology);
        var machines = new Dictionary<string, VirtualMachine>(StringComparer.Ordinal);
        foreach ((string site, AddressPool pool) in pools)
        {
            VMTopology part = pool.Assign(topology with { Hosts = [.. topology.Hosts.Where(h => h.Site == site)] });
            foreach (VirtualMachine machine in part.Machines) machines[machine.Id] = machine;
        }
        return topology.Update((_, machine) => machines.GetValueOrDefault(machine.Id) ?? machine);
    }
}
