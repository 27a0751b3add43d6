using System.Globalization;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>Where a host or a virtual machine stands. vm5k writes <c>Undeployed</c>, <c>OK</c> and <c>KO</c>.</summary>
public enum TopologyState
{
    /// <summary>Described, not made.</summary>
    Undeployed,
    /// <summary>Reachable.</summary>
    Ready,
    /// <summary>Given up, or lost.</summary>
    Failed,
}

/// <summary>How a disk comes from its image.</summary>
public enum DiskStrategy
{
    /// <summary>A qcow2 overlay over the image.</summary>
    Cow,
    /// <summary>A full copy (vm5k: <c>real_file</c>).</summary>
    Copy,
    /// <summary>The image itself; what is written is lost at power-off.</summary>
    Snapshot,
    /// <summary>The image itself, for writing.</summary>
    Direct,
}

/// <summary>A disk of a virtual machine.</summary>
public sealed record VMDisk
{
    /// <summary>In GiB; 0: as large as its image.</summary>
    public int Size { get; init; } = VirtualMachine.DefaultDisk;
    /// <summary>Path of the image that it begins as. Null: for the first disk the image of the deployment, for the others an empty disk.</summary>
    public string? Image { get; init; }
    public DiskStrategy Strategy { get; init; }
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Size} GiB{(Image is null ? "" : $" of {Image}")}");
}

/// <summary>A virtual machine of a topology: what it shall be, and what it got.</summary>
/// <param name="Id">Its name: unique in the topology, and a host name.</param>
public sealed record VirtualMachine(string Id)
{
    /// <summary>What vm5k's command gives a machine of which nothing is said: 1 vCPU, 1024 MiB, 10 GiB.</summary>
    public const int DefaultMemory = 1024, DefaultDisk = 10;

    /// <summary>Virtual CPUs.</summary>
    public int Cpu { get; init; } = 1;
    /// <summary>In MiB.</summary>
    public int Memory { get; init; } = DefaultMemory;
    /// <summary>The first is the one it boots from.</summary>
    public IReadOnlyList<VMDisk> Disks { get; init => field = value.Count == 0 ? [new VMDisk()] : value.AsArray(); } = [new VMDisk()];
    /// <summary>Hardware threads it may run on, as libvirt writes them (<c>0-3,8</c>), or <c>auto</c>.</summary>
    public string Cpuset { get; init; } = "auto";
    /// <summary>Names that rules of placement speak of.</summary>
    public IReadOnlyList<string> Groups { get; init => field = value.AsArray(); } = [];
    /// <summary>The host on which it must be, short or in full; null: any. Placement, not result: where it is says the host that holds it.</summary>
    public string? PinnedHost { get; init; }
    /// <summary>Six pairs of hexadecimal digits in capitals: <c>00:16:3E:84:08:01</c>; null: not given yet.</summary>
    public string? Mac { get; init; }
    public string? Ip { get; init; }
    public TopologyState State { get; init; }
    /// <summary>What else its description said, by name: kept, not understood.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = NoAttributes.Value;

    /// <summary>The disk it boots from.</summary>
    public VMDisk SystemDisk => Disks[0];
    /// <summary>The image of the disk it boots from.</summary>
    public string? Image => SystemDisk.Image;
    /// <summary>What it takes of a host: <c>2 vCPU, 4096 MiB</c>.</summary>
    public string Size => string.Create(CultureInfo.InvariantCulture, $"{Cpu} vCPU, {Memory} MiB");
    public override string ToString() => Id;
}

static class NoAttributes
{
    public static IReadOnlyDictionary<string, string> Value { get; } = new Dictionary<string, string>();
}
