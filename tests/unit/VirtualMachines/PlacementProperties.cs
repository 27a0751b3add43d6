using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Tests.VirtualMachines;

/// <summary>What holds for every placement, tried on small cases made at random and compared with an exhaustive search.</summary>
public class PlacementProperties
{
    static readonly Gen<VMHost[]> s_hosts = Gen.Choose(0, 3).SelectMany(count =>
        (from cpu in Gen.Choose(1, 8) from memory in Gen.Choose(2, 16) select (cpu, memory)).ArrayOf(count)
            .Select(sizes => sizes.Select((s, i) => new VMHost($"gros-{i + 1}.nancy.grid5000.fr") { Cpu = s.cpu, Memory = s.memory * 512 })
            .ToArray()));

    static readonly Gen<VirtualMachine[]> s_machines = Gen.Choose(0, 6).SelectMany(count =>
        (from cpu in Gen.Choose(1, 5)
         from memory in Gen.Choose(1, 8)
         from groups in Gen.Elements("", "", "a", "b", "a b", "c")
         from pin in Gen.Elements(null, null, null, null, null, "gros-1", "gros-2.nancy.grid5000.fr", "gros-9")
         select (cpu, memory, groups, pin)).ArrayOf(count)
            .Select(all => all.Select((m, i) => new VirtualMachine($"vm-{i + 1}")
            {
                Cpu = m.cpu, Memory = m.memory * 512, PinnedHost = m.pin, Groups = m.groups.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            }).ToArray()));

    static readonly Gen<PlacementOptions> s_options =
        from distribution in Gen.Elements(Enum.GetValues<Distribution>())
        from seed in Gen.Choose(0, 5)
        from cpu in Gen.Elements(1.0, 1.5, 2.0)
        from reserve in Gen.Elements(0, 256, 1000)
        from apart in Gen.Elements<string[]>([], [], ["a"], ["a/b"], ["a", "b/c"])
        from together in Gen.Elements<string[]>([], [], ["c"], ["a"], ["b", "c"])
        select new PlacementOptions { Distribution = distribution, Seed = seed, CpuOvercommit = cpu, Reserve = HostReserve.Fixed(reserve),
            Apart = apart, Together = together };

    public sealed record Case(VMHost[] Hosts, VirtualMachine[] Machines, PlacementOptions Options)
    {
        public PlacementResult Place() => VMPlacer.Place(Hosts, Machines, Options);
        public override string ToString() => $"""
            hosts {string.Join(", ", Hosts.Select(h => $"{h.ShortName} {h.Cpu} {h.Memory}"))}
            machines {string.Join(", ", Machines.Select(m => $"{m.Id} {m.Size} [{string.Join(' ', m.Groups)}] {m.PinnedHost}"))}
            {Options.Distribution} seed {Options.Seed} cpu {Options.CpuOvercommit} reserve {Options.Reserve} apart {string.Join(' ', Options.Apart)} together {string.Join(' ', Options.Together)}
            """;
    }

    static readonly Arbitrary<Case> s_cases = Arb.From(from h in s_hosts from m in s_machines from o in s_options select new Case(h, m, o));

    static void Check(Func<Case, bool> law, int count = 2000) =>
        Prop.ForAll(s_cases, law).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20261130, 1));

    [Fact]
    public void Each_machine_is_on_one_host_or_refused_once() => Check(c =>
    {
        PlacementResult result = c.Place();
        IEnumerable<string> seen = result.Hosts.SelectMany(h => h.Machines).Select(m => m.Id).Concat(result.Refusals.Select(r => r.Machine.Id));
        return seen.Order().SequenceEqual(c.Machines.Select(m => m.Id).Order());
    });

    [Fact]
    public void No_host_gives_what_it_does_not_have_and_no_rule_is_broken() => Check(c =>
    {
        PlacementResult result = c.Place();
        var complete = new VMTopology { Hosts = result.Hosts, Apart = c.Options.Apart };
        return !TopologyCheck.Run(complete, c.Options).Any(p => !p.IsWarning && p.Code != "NoHosts")
            && c.Options.Together.All(g => !Splits(result, c, g));
    });

    /// <summary>A group that must be together is on one host, whole, or nowhere.</summary>
    static bool Splits(PlacementResult result, Case c, string group)
    {
        int[] counts = [.. result.Hosts.Select(h => h.Machines.Count(m => m.Groups.Contains(group))).Where(n => n > 0)];
        return counts.Length > 1 || (counts.Length == 1 && counts[0] != c.Machines.Count(m => m.Groups.Contains(group)));
    }

    [Fact]
    public void The_same_input_gives_the_same_placement() => Check(c => Text(c.Place()) == Text(c.Place()));

    [Fact]
    public void A_refusal_names_what_every_host_lacks() => Check(c => c.Place() is var result && result.Refusals.All(r =>
        r.Reason.Length > 0 && r.Remedy.Text.Length > 0 && r.Shortages.All(s => s.Cpu > 0 || s.Memory > 0 || s.Rule is not null)));

    [Fact]
    public void A_proven_refusal_is_one_that_no_search_can_avoid() => Check(c =>
        c.Place() is var result && (!result.Refusals.Any(r => r.IsProven) || !BruteForce.Fits(c.Hosts, c.Machines, c.Options)));

    [Fact]
    public void Packing_refuses_only_what_no_search_can_place() => Check(c =>
    {
        PlacementOptions options = c.Options with { Distribution = Distribution.Pack };
        PlacementResult result = VMPlacer.Place(c.Hosts, c.Machines, options);
        return result.IsComplete == BruteForce.Fits(c.Hosts, c.Machines, options) && result.Refusals.All(r => r.IsProven);
    });

    [Fact]
    public void Balanced_and_spread_refuse_only_what_no_search_can_place() => Check(c => new[] { Distribution.Balanced, Distribution.Spread }.All(d =>
        c.Options with { Distribution = d } is var options
        && VMPlacer.Place(c.Hosts, c.Machines, options).IsComplete == BruteForce.Fits(c.Hosts, c.Machines, options)), 1000);

    [Fact]
    public void Balanced_uses_no_more_hosts_than_packing() => Check(c =>
        VMPlacer.Place(c.Hosts, c.Machines, c.Options with { Distribution = Distribution.Balanced }).HostsUsed
        <= VMPlacer.Place(c.Hosts, c.Machines, c.Options with { Distribution = Distribution.Pack }).HostsUsed, 1000);

    [Fact]
    public void A_remedy_helps() => Check(c =>
    {
        PlacementResult result = c.Place();
        return result.Refusals.All(r => Helps(c, result, r));
    });

    static bool Helps(Case c, PlacementResult result, PlacementRefusal refusal)
    {
        PlacementRemedy remedy = refusal.Remedy;
        PlacementOptions pack = c.Options with { Distribution = Distribution.Pack, Together = [] };
        VirtualMachine machine = refusal.Machine;
        // Machines that belong together are refused together, and are put back together.
        VirtualMachine[] all = Partners(c, machine);
        bool Fits(VirtualMachine[] machines, PlacementOptions options, IReadOnlyList<VMHost>? hosts = null) =>
            VMPlacer.Place(hosts ?? result.Hosts, machines, options).IsComplete;
        return remedy.Kind switch
        {
            RemedyKind.LessMemory => Fits([machine with { Memory = (int)remedy.Value }], pack)
                && !Fits([machine with { Memory = (int)remedy.Value + 1 }], pack),
            RemedyKind.FewerCpu => Fits([machine with { Cpu = (int)remedy.Value }], pack)
            && !Fits([machine with { Cpu = (int)remedy.Value + 1 }], pack),
            RemedyKind.CpuOvercommit => Fits(all, pack with { CpuOvercommit = remedy.Value }),
            RemedyKind.WithoutRule => Fits([.. all.Select(m => m with { PinnedHost = null })], pack with { Apart = [] }),
            RemedyKind.OtherDistribution when remedy.Host is not null => Fits(all, pack),
            RemedyKind.OtherDistribution => VMPlacer.Place(c.Hosts,
            [.. c.Machines.Where(m => !result.Refusals.Any(r => r.Machine == m && r.Remedy.Kind != RemedyKind.OtherDistribution))],
                c.Options with { Distribution = Distribution.Pack }).IsComplete,
            RemedyKind.MoreHosts => Fits(all, pack,
            [.. result.Hosts, result.Hosts.First(h => h.Name == remedy.Host) with { Name = "more-1", Machines = [] }]),
            _ => true,
        };
    }

    static VirtualMachine[] Partners(Case c, VirtualMachine machine)
    {
        var found = new HashSet<VirtualMachine> { machine };
        for (int before = 0; before != found.Count;)
        {
            before = found.Count;
            string[] groups = [.. found.SelectMany(m => m.Groups).Where(c.Options.Together.Contains)];
            found.UnionWith(c.Machines.Where(m => m.Groups.Any(groups.Contains)));
        }
        return [.. c.Machines.Where(found.Contains)];
    }

    [Fact]
    public void What_the_capacity_says_is_what_fits() => Check(c =>
    {
        if (c.Machines.Length == 0) return true;
        VirtualMachine size = c.Machines[0] with { PinnedHost = null, Groups = [] };
        PlacementOptions options = new() { CpuOvercommit = c.Options.CpuOvercommit, Reserve = c.Options.Reserve };
        int count = VMCapacity.Measure(c.Hosts, size, options).Count;
        VirtualMachine[] Many(int n) => [.. Enumerable.Range(1, n).Select(i => size with { Id = $"vm-{i}" })];
        return VMPlacer.Place(c.Hosts, Many(count), options).IsComplete && !VMPlacer.Place(c.Hosts, Many(count + 1), options).IsComplete;
    }, 1000);

    static string Text(PlacementResult result) =>
        string.Join(';', result.Hosts.Select(h => $"{h.Name}: {string.Join(' ', h.Machines)}").Concat(result.Refusals.Select(r => $"{r}")));
}
