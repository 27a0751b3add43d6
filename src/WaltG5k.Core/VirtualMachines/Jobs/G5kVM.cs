using System.Globalization;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Text;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>Where a virtual machine stands.</summary>
public enum VMState
{
    /// <summary>It has no job; its disk waits for the next start.</summary>
    Stopped,
    /// <summary>Its job waits for resources, or was never seen to start.</summary>
    Waiting,
    /// <summary>Its job is being launched, or QEMU is.</summary>
    Starting,
    /// <summary>QEMU runs it. Whether the guest answers is another question.</summary>
    Running,
    /// <summary>The guest was told to switch itself off.</summary>
    Stopping,
    /// <summary>Its last job ended otherwise than by a stop; the reason says how.</summary>
    Failed,
    /// <summary>Its folder is on a front-end, and nobody here knows it.</summary>
    Orphan,
}

/// <summary>How a machine is connected.</summary>
public enum VMNetwork
{
    /// <summary>Behind its node: it gets out, and chosen ports of the node lead in.</summary>
    Nat,
    /// <summary>In a subnet of Grid'5000, with an address that other machines reach.</summary>
    Bridge,
}

/// <summary>A virtual machine that exists, and where it stands.</summary>
public sealed record G5kVM(string Name, string Site)
{
    /// <summary>The login that its seed opens to the user's keys.</summary>
    public const string DefaultUser = "root";
    internal const int SshPort = 22;

    public VMState State { get; init; }
    /// <summary>Why it waits, failed or stopped; null: there is nothing to say.</summary>
    public string? Reason { get; init; }
    public long? JobId { get; init; }
    /// <summary>The node that runs it, in full; null: none now.</summary>
    public string? Host { get; init; }
    public int Cpu { get; init; }
    /// <summary>In MiB.</summary>
    public int Memory { get; init; }
    public string Image { get; init; } = "";
    public DiskStrategy Strategy { get; init; }
    /// <summary>What it runs on: a path on the front-end, or an image in Ceph.</summary>
    public string Disk { get; init; } = "";
    /// <summary>In bytes, as the guest sees it.</summary>
    public long DiskSize { get; init; }
    public VMNetwork Network { get; init; }
    /// <summary>Its address in a subnet; null behind its node.</summary>
    public string? Ip { get; init; }
    public string? Mac { get; init; }
    /// <summary>Ports of the guest, and those of its node that lead there. Empty while it does not run, and in a subnet.</summary>
    public IReadOnlyDictionary<int, int> Ports { get; init; } = new Dictionary<int, int>();
    public TimeSpan Walltime { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>When its job's walltime is over; a minute before, the guest is told to switch off.</summary>
    public DateTimeOffset? EndsAt { get; init; }
    /// <summary>On the front-end: its disk, seed, console and script.</summary>
    public string Folder { get; init; } = "";
    public IReadOnlyList<string> Groups { get; init => field = value.AsArray(); } = [];

    public bool IsRunning => State == VMState.Running;

    /// <summary>How one gets to its sshd from the front-end; null while there is no way.</summary>
    public string? Address => !IsRunning ? null
        : Ip is not null ? Ip
        : Host is not null && Ports.TryGetValue(SshPort, out int port) ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : null;

    /// <summary>Where commands for it are run.</summary>
    /// <exception cref="G5kException"><c>VMNotRunning</c>.</exception>
    public NodeTarget ToTarget(string user = DefaultUser)
    {
        if (Address is null) throw VMErrors.NotRunning(this);
        return Ip is not null ? new NodeTarget(Name, Site) { User = user, Address = Ip }
            : new NodeTarget(Name, Site) { User = user, Address = Host, Port = Ports[SshPort] };
    }

    public override string ToString() => Name;
}
