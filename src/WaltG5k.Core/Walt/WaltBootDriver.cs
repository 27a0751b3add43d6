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
    /// <summary>Hard reboots after the first attempt.</summary>
    public int Retries { get; init; } = 2;
    public int ThrottleLimit { get; init; } = 256;
}

/// <summary>The boot driver: route, verify that the boot files are the new image's, reboot by kexec, wait for the notification, fall back to hard reboots.</summary>
public sealed partial class WaltBootDriver(WaltServer server, Func<string, string> siteOf)
{
    /// <summary>One result per node, as each is decided. Per-node failures are results.</summary>
    public partial IAsyncEnumerable<WaltBootResult> BootAsync(WaltBootRequest request, CancellationToken cancellationToken = default);
}
