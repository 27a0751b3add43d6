using WaltG5k.Core.Oar;
using WaltG5k.Core.Text;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>What machines to make, each in a job of its own.</summary>
public sealed record VMRequest(string Site)
{
    /// <summary>Their names, sizes, images and strategies. Only the first disk is made.</summary>
    public required IReadOnlyList<VirtualMachine> Machines { get; init => field = value.AsArray(); }
    public required Walltime Walltime { get; init; }
    /// <summary>For machines that name no image.</summary>
    public DiskLocation? Image { get; init; }
    public VMNetwork Network { get; init; }
    /// <summary>Ports of the guest that are opened on its node beside ssh's.</summary>
    public IReadOnlyList<int> Ports { get; init => field = value.AsArray(); } = [];
    /// <summary>Clusters that may be taken; empty: all that can host machines.</summary>
    public IReadOnlyList<string> Clusters { get; init => field = value.AsArray(); } = [];
    /// <summary>SQL over OAR's properties that the node must fulfil.</summary>
    public string? Filter { get; init; }
    /// <summary>A container job of the user in which all start at once.</summary>
    public long? Container { get; init; }
    public string? Queue { get; init; }
    public bool IsBestEffort { get; init; }
    /// <summary>Public keys beside those of this machine and of the front-end.</summary>
    public IReadOnlyList<string> PublicKeys { get; init => field = value.AsArray(); } = [];
    /// <summary>cloud-init's user data; null: none.</summary>
    public string? UserData { get; init; }
    /// <summary>The disk lies on its node and goes with the job; in the user's home it stays, and counts for the quota.</summary>
    public bool DiskOnNode { get; init; }
    /// <summary>The home is offered to the guest as the 9p share <c>hostshare</c>.</summary>
    public bool SharesHome { get; init; }
    /// <summary>Further words for QEMU.</summary>
    public IReadOnlyList<string> QemuArguments { get; init => field = value.AsArray(); } = [];
}
