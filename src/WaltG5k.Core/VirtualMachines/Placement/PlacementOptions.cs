using System.Globalization;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.VirtualMachines.Placement;

/// <summary>The order in which hosts are filled. The first four are vm5k's.</summary>
public enum Distribution
{
    /// <summary>The next host after each machine.</summary>
    RoundRobin,
    /// <summary>Stay on a host until it has no room for the next machine.</summary>
    Concentrated,
    /// <summary>As many machines, give or take one, on each host; the first ones on the first host.</summary>
    NByHosts,
    /// <summary>Some hosts further after each machine; the seed decides.</summary>
    Random,
    /// <summary>As few hosts as can be found: large machines first, each where it leaves the least memory.</summary>
    Pack,
    /// <summary>As few hosts as <see cref="Pack"/>, evenly loaded.</summary>
    Balanced,
    /// <summary>All hosts, evenly loaded.</summary>
    Spread,
}

/// <summary>What counts as room on a host.</summary>
public enum CapacityRule
{
    /// <summary>Every vCPU and every MiB counts; a host may be filled to the last.</summary>
    Strict,
    /// <summary>
    /// vm5k's own, to compare with old results: decimal megabytes against MiB, three vCPU for one core, two for none, and never full.
    /// </summary>
    Vm5k,
}

/// <summary>
/// Memory that machines do not get: a share of the host's, between two limits. EnOSlib keeps 2 %, at least 256 MiB and at most 4 GiB.
/// </summary>
/// <param name="Fraction">Of the host's memory, 0 to 1.</param>
/// <param name="Least">In MiB.</param>
/// <param name="Most">In MiB.</param>
public readonly record struct HostReserve(double Fraction, int Least, int Most)
{
    public static HostReserve Default { get; } = new(0.02, 256, 4096);

    /// <summary>The same on every host, in MiB.</summary>
    public static HostReserve Fixed(int mebibytes) => new(0, mebibytes, mebibytes);

    /// <summary>What is kept of that many MiB.</summary>
    public int Of(int memory) => (int)Math.Clamp(Math.Ceiling(memory * Fraction), Least, Math.Max(Least, Most));

    public override string ToString() => Least == Most
        ? string.Create(CultureInfo.InvariantCulture, $"{Least} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{Fraction * 100:0.#} % ({Least} to {Most} MiB)");
}

/// <summary>How machines are placed.</summary>
public sealed record PlacementOptions
{
    public Distribution Distribution { get; init; }
    /// <summary>Of <see cref="Distribution.Random"/>: the same seed places the same machines alike.</summary>
    public int Seed { get; init; }
    /// <summary>vCPU per hardware thread.</summary>
    public double CpuOvercommit { get; init; } = 1;
    /// <summary>MiB promised per MiB at hand.</summary>
    public double MemoryOvercommit { get; init; } = 1;
    public HostReserve Reserve { get; init; } = HostReserve.Default;
    public CapacityRule Rule { get; init; }
    /// <summary>As in <see cref="Topologies.VMTopology.Apart"/>.</summary>
    public IReadOnlyList<string> Apart { get; init => field = value.AsArray(); } = [];
    /// <summary>As in <see cref="Topologies.VMTopology.Together"/>.</summary>
    public IReadOnlyList<string> Together { get; init => field = value.AsArray(); } = [];
}
