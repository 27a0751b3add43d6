using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>What a virtual machine of the testbed is started with, by whatever program.</summary>
/// <param name="Name">Its host name as well.</param>
internal sealed record GuestSpecification(string Name)
{
    public int Cpu { get; init; } = 1;
    /// <summary>In MiB, taken from its host as long as it runs.</summary>
    public int Memory { get; init; } = 1024;
    /// <summary>Capitals and colons; empty: no adapter in a network of Grid'5000.</summary>
    public string Mac { get; init; } = "";
    /// <summary>An address that it has whatever a DHCP server says; null: that which the network gives to its MAC.</summary>
    public string? Address { get; init; }
    /// <summary>The adapter of the host (<c>eth0</c>) whose network it shares; null: behind QEMU's own address translation.</summary>
    public string? Bridge { get; init; }
    /// <summary>Ports of the host that lead to ports of the guest.</summary>
    public IReadOnlyDictionary<int, int> Ports { get; init; } = new Dictionary<int, int>();
    /// <summary>Its files. Who keeps the disk keeps this, and gives it again at the next start.</summary>
    public NodeDisk Disk { get; init; } = new();
}

internal enum GuestPower
{
    Off,
    Booting,
    Up,
    ShuttingDown,
}

/// <summary>A virtual machine that was started. One that is off stays off: the next start makes another one.</summary>
internal sealed class Guest(NodeModel host, GuestSpecification specification)
{
    public NodeModel Host { get; } = host;
    public GuestSpecification Specification { get; } = specification;
    public string Name => Specification.Name;
    public NodeDisk Disk => Specification.Disk;
    public GuestPower Power { get; set; } = GuestPower.Booting;
    /// <summary>It runs, and its sshd does not.</summary>
    public bool IsSilent { get; set; }
    /// <summary>Ends when it is off, for whoever waits for it, such as the program that runs it.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public bool Answers => Power == GuestPower.Up && !IsSilent;
    public bool Runs => Power != GuestPower.Off;
    public override string ToString() => Name;
}
