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
    /// <summary>Nodes under way at once.</summary>
    public int ThrottleLimit { get; init; } = 256;
}
