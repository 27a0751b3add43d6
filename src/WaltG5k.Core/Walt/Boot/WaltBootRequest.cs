namespace WaltG5k.Core.Walt;

public sealed record WaltBootRequest
{
    public required IReadOnlyList<string> Nodes { get; init; }
    /// <summary>An image name, <c>default</c>, or null to boot the present image again.</summary>
    public string? Image { get; init; }
    public WaltBootMethod Method { get; init; }
    /// <summary>False: returns once the reboot is ordered.</summary>
    public bool Wait { get; init; } = true;
    /// <summary>Per attempt, from the reboot order to the boot notification.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(7);
    /// <summary>Hard reboots after the first attempt; <see cref="WaltBootMethod.Kexec"/> never makes any.</summary>
    public int Retries { get; init; } = 2;
    /// <summary>The root file system to boot with; null: as the image is set up.</summary>
    public WaltRootFileSystem? RootFileSystem { get; init; }
    /// <summary>The boot loader that is expected; WalT offers no choice, so that another one is an error. Null: any.</summary>
    public WaltBootloader? Bootloader { get; init; }
    /// <summary>Find out, after each boot, how its time is divided: see <see cref="WaltBootResult.Parts"/>.</summary>
    public bool Trace { get; init; }
    /// <summary>Nodes under way at once.</summary>
    public int ThrottleLimit { get; init; } = 256;
}
