using WaltG5k.Core.Text;

namespace WaltG5k.Core.Walt;

/// <summary>A node as the WalT server knows it (<c>GET /api/v1/nodes</c>).</summary>
public sealed record WaltNodeInfo(string Name)
{
    public string Model { get; init; } = "";
    /// <summary><c>user/name:tag</c>.</summary>
    public string Image { get; init; } = "";
    public bool IsBooted { get; init; }
    public string Ip { get; init; } = "";
    public string Mac { get; init; } = "";
    public bool IsVirtual { get; init; }
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();
    /// <summary>The user whose image the node runs; null when it runs a default image and is free.</summary>
    public string? Owner => Image.Split('/')[0] is { Length: > 0 } user && user != "waltplatform" ? user : null;
    public override string ToString() => Name;
}

/// <summary>An image of the WalT server (<c>GET /api/v1/images</c>).</summary>
public sealed record WaltImageInfo(string FullName)
{
    public string User => FullName.Contains('/', StringComparison.Ordinal) ? FullName.Split('/')[0] : "";
    /// <summary>Without user and without the tag <c>latest</c>: <c>pc-x86-64-default</c>.</summary>
    public string Name => FullName[(FullName.IndexOf('/', StringComparison.Ordinal) + 1)..] is var s
        && s.EndsWith(":latest", StringComparison.Ordinal) ? s[..^7] : s;
    public string Id { get; init; } = "";
    public bool IsInUse { get; init; }
    public DateTime? Created { get; init; }
    public IReadOnlyList<string> Models { get; init => field = value.AsArray(); } = [];
    /// <summary>The nodes that boot it, where they were asked for.</summary>
    public IReadOnlyList<string> Nodes { get; init => field = value.AsArray(); } = [];
    /// <summary>By which other users of the server clone it: <c>walt:user/name</c>.</summary>
    public string Link => $"walt:{User}/{Name}";
    public override string ToString() => Name;
}

public enum WaltBootMethod
{
    /// <summary>Kexec first, a hard reboot where it does not bring the node back.</summary>
    Auto,
    /// <summary>The node's own reboot service (kexec in WalT's PC images) only.</summary>
    Kexec,
    /// <summary>A hard reboot by kareboot3, through firmware and PXE.</summary>
    Hard,
}

/// <summary>A step of a node's boot: <c>route</c>, <c>verify</c>, <c>root</c>, <c>reboot</c>, <c>boot</c>, <c>hard-reboot</c>.</summary>
/// <param name="Attempt">1 for the first try.</param>
public sealed record WaltBootStep(string Name, int Attempt, TimeSpan Duration, string? Note = null)
{
    public override string ToString() => $"{Name} {Duration.TotalSeconds:0.0} s";
}

/// <summary>What became of one node.</summary>
public sealed record WaltBootResult(string Node)
{
    public string Site { get; init; } = "";
    public string Image { get; init; } = "";
    public bool IsBooted { get; init; }
    /// <summary>The method that brought the node up: <c>Kexec</c> or <c>Hard</c>; what was tried last on a failure.</summary>
    public WaltBootMethod Method { get; init; }
    public int Attempts { get; init; }
    public TimeSpan Total { get; init; }
    /// <summary>What the node's root file system came by; null where nobody looked.</summary>
    public WaltRootFileSystem? RootFileSystem { get; init; }
    /// <summary>How the boot files came; null where nobody looked, or by kexec, which needs no boot loader.</summary>
    public WaltBootloader? Bootloader { get; init; }
    /// <summary>
    /// How the time from the reboot order to the boot notification is divided; empty unless <see cref="WaltBootRequest.Trace"/> asked for it.
    /// </summary>
    public IReadOnlyList<WaltBootPart> Parts { get; init => field = value.AsArray(); } = [];
    /// <summary>
    /// From the first order to the boot notification, with the precision of <see cref="Parts"/> where there are any; without <see cref="Root"/>,
    /// which prepares the platform.
    /// </summary>
    public TimeSpan Elapsed => Parts.Count == 0
        ? Total - Root
        : Route + Verify + Reboot + Parts.Aggregate(TimeSpan.Zero, (sum, p) => sum + p.Duration) + EarlierBoots;
    public TimeSpan Route => Sum("route");
    public TimeSpan Verify => Sum("verify");
    /// <summary>Changing the root file system, and verifying that.</summary>
    public TimeSpan Root => Sum("root");
    public TimeSpan Reboot => Sum("reboot") + Sum("hard-reboot");
    public TimeSpan Boot => Sum("boot");
    public IReadOnlyList<WaltBootStep> Steps { get; init => field = value.AsArray(); } = [];
    /// <summary>Null on success.</summary>
    public G5kException? Error { get; init; }
    public override string ToString() => Node;

    /// <summary>Attempts that came to nothing: the parts are those of the last.</summary>
    TimeSpan EarlierBoots => Steps.Where(s => s.Name == "boot" && s.Attempt < Attempts).Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Duration);

    TimeSpan Sum(string step) => Steps.Where(s => s.Name == step).Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Duration);
}
