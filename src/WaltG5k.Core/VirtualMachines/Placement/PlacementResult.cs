using WaltG5k.Core.Text;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>What one host lacks for one machine (or for machines that belong together).</summary>
/// <param name="Host">The host.</param>
/// <param name="Cpu">vCPU missing; 0: enough.</param>
/// <param name="Memory">MiB missing; 0: enough.</param>
/// <param name="Rule">The rule that keeps the machine off, in words; null: none.</param>
public sealed record HostShortage(string Host, int Cpu, int Memory, string? Rule);

/// <summary>Kinds of change that make a refused machine fit.</summary>
public enum RemedyKind
{
    /// <summary>Nothing about the machine alone helps.</summary>
    None,
    /// <summary><see cref="PlacementRemedy.Value"/> is the most memory, in MiB, with which it fits.</summary>
    LessMemory,
    /// <summary><see cref="PlacementRemedy.Value"/> is the largest number of vCPU with which it fits.</summary>
    FewerCpu,
    /// <summary><see cref="PlacementRemedy.Value"/> is the least CPU over-commit with which it fits.</summary>
    CpuOvercommit,
    /// <summary>Without the rule, or the host that it is pinned to, it fits.</summary>
    WithoutRule,
    /// <summary>Another distribution has room for it.</summary>
    OtherDistribution,
    /// <summary>An empty host like the named one takes it.</summary>
    MoreHosts,
}

/// <summary>The smallest change found with which a refused machine fits, all others staying where they are.</summary>
/// <param name="Kind">What to change.</param>
/// <param name="Value">See <see cref="RemedyKind"/>; else 0.</param>
/// <param name="Host">The host that it fits on, then.</param>
/// <param name="Text">One sentence.</param>
public sealed record PlacementRemedy(RemedyKind Kind, double Value, string? Host, string Text)
{
    public override string ToString() => Text;
}

/// <summary>A machine for which there is no room, and why.</summary>
public sealed record PlacementRefusal(VirtualMachine Machine)
{
    /// <summary>What each host that it may be on lacks.</summary>
    public IReadOnlyList<HostShortage> Shortages { get; init => field = value.AsArray(); } = [];
    /// <summary>
    /// True: no placement of all these machines on these hosts exists, under any distribution, which was proven by counting or by trying all. False:
    /// this distribution, or the search, has found none.
    /// </summary>
    public bool IsProven { get; init; }
    /// <summary>One sentence: which resource is short where.</summary>
    public string Reason { get; init; } = "";
    public PlacementRemedy Remedy { get; init; } = new(RemedyKind.None, 0, null, "");
    public override string ToString() => $"{Machine.Id}: {Reason}";
}

/// <summary>Where machines go. Each machine asked for is on exactly one host or among the refusals.</summary>
public sealed record PlacementResult
{
    /// <summary>All hosts in the order given, with what they held before and what came.</summary>
    public IReadOnlyList<VMHost> Hosts { get; init => field = value.AsArray(); } = [];
    /// <summary>In the order of the machines.</summary>
    public IReadOnlyList<PlacementRefusal> Refusals { get; init => field = value.AsArray(); } = [];
    public bool IsComplete => Refusals.Count == 0;
    public int HostsUsed => Hosts.Count(h => h.Machines.Count > 0);
}
