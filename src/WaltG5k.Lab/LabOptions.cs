using WaltG5k.Core.Walt;
using WaltG5k.Lab.Network;
using WaltG5k.Lab.Services;

namespace WaltG5k.Lab;

/// <summary>What lab to start.</summary>
public sealed record LabOptions
{
    public required LabFolder Folder { get; init; }
    /// <summary>Names of images for its nodes; the first is the one that they boot by default. None: all that there are.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];
    public int NodeCount { get; init; } = 1;
    /// <summary>Of each node.</summary>
    public int MemoryMiB { get; init; } = 512;
    public LinkConditions Link { get; init; } = LinkConditions.Cable;
    public WaltBootloader Bootloader { get; init; } = WaltBootloader.Http;
    public LabAccelerator Accelerator { get; init; }
    /// <summary>False: nodes stay off until they are rebooted hard.</summary>
    public bool PowerOn { get; init; } = true;
}

/// <summary>A node of the lab.</summary>
public sealed record LabNodeInfo(string Name, string Ip, string Mac)
{
    /// <summary>The number of its QEMU process; null while it is off.</summary>
    public int? ProcessId { get; init; }
    public bool IsBooted { get; init; }
    /// <summary>The image that it is given.</summary>
    public string Image { get; init; } = "";
    /// <summary>The file with what it has said on its console.</summary>
    public string Console { get; init; } = "";
    public bool IsOn => ProcessId is not null;
    public override string ToString() => Name;
}

public enum LabStatus
{
    Running,
    /// <summary>It runs in another process.</summary>
    Elsewhere,
    /// <summary>The process that started it is gone; Stop-WaltLab cleans up.</summary>
    Abandoned,
    /// <summary>One of its services has ended.</summary>
    Failed,
}

/// <summary>A lab as it stands.</summary>
public sealed record LabInfo(string Path)
{
    public LabStatus Status { get; init; }
    /// <summary>The name by which Get-WaltServer and others know its server.</summary>
    public string Server { get; init; } = "";
    public int OwnerProcessId { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public LinkConditions? Link { get; init; }
    public LabAccelerator Accelerator { get; init; }
    public WaltBootloader Bootloader { get; init; }
    public IReadOnlyList<string> Images { get; init; } = [];
    public IReadOnlyList<LabNodeInfo> Nodes { get; init; } = [];
    /// <summary>Namespaces, programs and taps that it is made of.</summary>
    public IReadOnlyList<Processes.LabPart> Parts { get; init; } = [];
    public IReadOnlyList<Core.Deployments.Finding> Findings { get; init; } = [];
    public override string ToString() => Path;
}
