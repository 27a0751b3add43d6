using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Tests.VirtualMachines;

public class PlacementTests
{
    static VMHost[] Hosts(int count, int cpu, int memory) =>
        [.. Enumerable.Range(1, count).Select(i => new VMHost($"gros-{i}") { Cpu = cpu, Memory = memory })];

    static VirtualMachine[] Machines(int cpu, params int[] memories) =>
        [.. memories.Select((m, i) => new VirtualMachine($"vm-{i + 1}") { Cpu = cpu, Memory = m })];

    static VirtualMachine[] Machines(int count, int cpu, int memory) => Machines(cpu, [.. Enumerable.Repeat(memory, count)]);

    /// <summary>The decimal megabytes that vm5k counts, in MiB.</summary>
    static int Megabytes(int number) => (int)Math.Round(number / 1.048576);

    static string Counts(PlacementResult result) => string.Join('/', result.Hosts.Select(h => h.Machines.Count));

    // Cases that were run on vm5k's own code; where that lost machines or left hosts for good, what its orders of visiting give without it.
    [Theory]
    [InlineData(Distribution.RoundRobin, "3/2")]
    [InlineData(Distribution.Concentrated, "3/2")]
    [InlineData(Distribution.NByHosts, "3/2")]
    public void Five_small_machines_on_two_hosts(Distribution distribution, string counts) =>
        Assert.Equal(counts, Counts(VMPlacer.Place(Hosts(2, 4, Megabytes(8000)), Machines(5, 1, 2048),
        new() { Distribution = distribution, Rule = CapacityRule.Vm5k })));

    [Theory]
    [InlineData(Distribution.RoundRobin, "4/4/4")]
    [InlineData(Distribution.Concentrated, "5/5/2")]
    [InlineData(Distribution.NByHosts, "4/4/4")]
    public void Twelve_machines_of_four_vcpu_on_three_hosts(Distribution distribution, string counts) =>
        Assert.Equal(counts, Counts(VMPlacer.Place(Hosts(3, 6, Megabytes(96000)), Machines(12, 4, 1024),
        new() { Distribution = distribution, Rule = CapacityRule.Vm5k })));

    [Fact]
    public void A_host_that_has_no_room_for_one_machine_is_asked_again_for_the_next() =>
        Assert.Equal("2/2", Counts(VMPlacer.Place(Hosts(2, 8, Megabytes(24000)), Machines(1, 20000, 3000, 9000, 3000),
        new() { Rule = CapacityRule.Vm5k })));

    [Theory]
    [InlineData(Distribution.RoundRobin)]
    [InlineData(Distribution.Concentrated)]
    public void Fifteen_machines_on_hosts_of_two_sizes(Distribution distribution)
    {
        VMHost[] hosts = [.. Hosts(2, 16, Megabytes(8000)), new VMHost("gros-3") { Cpu = 16, Memory = Megabytes(32000) }];
        Assert.Equal("3/3/9", Counts(VMPlacer.Place(hosts, Machines(15, 1, 2000), new() { Distribution = distribution, Rule = CapacityRule.Vm5k })));
    }

    [Fact]
    public void Equal_shares_are_refused_where_a_host_is_too_small_for_its_own()
    {
        VMHost[] hosts = [.. Hosts(2, 16, 8192), new VMHost("gros-3") { Cpu = 16, Memory = 32768 }];
        PlacementResult result = VMPlacer.Place(hosts, Machines(15, 1, 2000), new() { Distribution = Distribution.NByHosts });
        Assert.Equal(("3/3/5", 4), (Counts(result), result.Refusals.Count));
        Assert.Equal((RemedyKind.OtherDistribution, false), (result.Refusals[0].Remedy.Kind, result.Refusals[0].IsProven));
        Assert.Contains("its equal share lies", result.Refusals[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Vm5k_never_fills_a_host() =>
        Assert.Equal((7, 8), (
            VMPlacer.Place(Hosts(1, 64, Megabytes(8000)), Machines(8, 1, 1000), new() { Rule = CapacityRule.Vm5k }).Hosts[0].Machines.Count,
            VMPlacer.Place(Hosts(1, 64, 8000), Machines(8, 1, 1000), new() { Reserve = HostReserve.Fixed(0) }).Hosts[0].Machines.Count));

    [Theory]
    [InlineData(4096, 256)]
    [InlineData(65536, 1311)]
    [InlineData(1 << 20, 4096)]
    public void Memory_is_kept_for_the_hypervisor(int memory, int kept) => Assert.Equal(kept, HostReserve.Default.Of(memory));

    [Fact]
    public void Random_depends_on_the_seed_alone()
    {
        string Place(int seed) => string.Join(' ',
            VMPlacer.Place(Hosts(9, 8, 65536), Machines(20, 1, 1024),
            new() { Distribution = Distribution.Random, Seed = seed }).Hosts.Select(h => string.Join(',', h.Machines)));
        Assert.Equal(Place(7), Place(7));
        Assert.NotEqual(Place(7), Place(8));
    }

    [Fact]
    public void A_refusal_says_what_is_short_where_and_what_would_help()
    {
        PlacementResult result = VMPlacer.Place(Hosts(2, 4, 8192), Machines(3, 2, 6000), new());
        PlacementRefusal refusal = Assert.Single(result.Refusals);
        Assert.Equal("vm-3", refusal.Machine.Id);
        Assert.Equal("2 vCPU and 6000 MiB fit on none of 2 hosts: memory is short on 2 (least on gros-1, by 4064 MiB).", refusal.Reason);
        Assert.Equal((RemedyKind.MoreHosts, "gros-1"), (refusal.Remedy.Kind, refusal.Remedy.Host));
        Assert.True(refusal.IsProven);
    }

    [Fact]
    public void The_smallest_change_is_told()
    {
        PlacementRefusal memory = Assert.Single(VMPlacer.Place(Hosts(1, 4, 8192), Machines(1, 8192), new()).Refusals);
        Assert.Equal((RemedyKind.LessMemory, 8192 - 256), (memory.Remedy.Kind, (int)memory.Remedy.Value));
        PlacementRefusal cpu = Assert.Single(VMPlacer.Place(Hosts(1, 8, 8192), Machines(9, 1024), new()).Refusals);
        Assert.Equal((RemedyKind.FewerCpu, 8), (cpu.Remedy.Kind, (int)cpu.Remedy.Value));
    }

    [Fact]
    public void Groups_stay_apart_and_together()
    {
        VirtualMachine[] machines =
        [
            new("db-1") { Groups = ["db"] }, new("db-2") { Groups = ["db"] }, new("web-1") { Groups = ["web"] }, new("web-2") { Groups = ["web"] },
                new("log-1"),
        ];
        PlacementResult result = VMPlacer.Place(Hosts(3, 8, 8192), machines,
            new() { Distribution = Distribution.Pack, Apart = ["db", "db/web"], Together = ["web"] });
        Assert.True(result.IsComplete);
        Assert.Equal(["db-1", "db-2", "web-1 web-2"], result.Hosts.Select(h => string.Join(' ', h.Machines.Where(m => m.Groups.Count > 0))).Order());
    }

    [Fact]
    public void What_runs_on_a_host_stays_and_counts()
    {
        VMHost host = Hosts(1, 4, 8192)[0] with { Machines = [new VirtualMachine("old") { Cpu = 3, Memory = 1024 }] };
        PlacementResult result = VMPlacer.Place([host], Machines(2, 1, 1024), new());
        Assert.Equal(("old vm-1", "vm-2"), (string.Join(' ', result.Hosts[0].Machines), Assert.Single(result.Refusals).Machine.Id));
    }

    [Fact]
    public void The_hosts_that_are_missing_are_counted() =>
        Assert.Equal(2, VMPlacer.CountMissingHosts(Hosts(1, 4, 65536), Machines(12, 1, 1024), new(), Hosts(1, 4, 65536)[0]));

    [Theory]
    [InlineData("a/b/c")]
    [InlineData("")]
    [InlineData("/a")]
    public void Rules_that_are_none_are_refused(string rule) =>
        Assert.Equal("InvalidPlacementRule", Assert.Throws<G5kException>(() => VMPlacer.Place([], [], new() { Apart = [rule] })).Code);

    [Fact]
    public void Ten_thousand_machines_are_all_placed()
    {
        VMHost[] hosts = Hosts(1000, 36, 98304);
        VirtualMachine[] machines = [.. Enumerable.Range(1, 10_000)
            .Select(i => new VirtualMachine($"vm-{i}") { Cpu = 1 + i % 4, Memory = 1024 * (1 + i % 7) })];
        Assert.All(Enum.GetValues<Distribution>(),
            d => Assert.Equal(10_000, VMPlacer.Place(hosts, machines, new() { Distribution = d }).Hosts.Sum(h => h.Machines.Count)));
    }

    [Fact]
    public void Capacity_tells_what_ends_the_room()
    {
        VMHost[] hosts = [new("gros-1") { Cpu = 36, Memory = 98304 }, new("fat-1") { Cpu = 8, Memory = 524288 }];
        VMCapacity capacity = VMCapacity.Measure(hosts, new VirtualMachine("any") { Cpu = 2, Memory = 8192 }, new());
        Assert.Equal([(11, CapacityLimit.Memory), (4, CapacityLimit.Cpu)], capacity.Hosts.Select(h => (h.Count, h.LimitedBy)));
        Assert.Equal(15, capacity.Count);
    }
}
