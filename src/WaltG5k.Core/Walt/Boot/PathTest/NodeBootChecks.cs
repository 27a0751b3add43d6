using System.Globalization;

namespace WaltG5k.Core.Walt;

/// <summary>What a node's boot needs, as the server would give it now.</summary>
/// <param name="isElsewhere">Whether the node is at another site than the server.</param>
/// <param name="firmware"><c>bios</c>, <c>uefi</c>, or null where nobody knows.</param>
sealed class NodeBootChecks(WaltServer server, WaltNodeInfo node, bool isElsewhere, string? firmware)
{
    /// <summary>In the order of a boot.</summary>
    public static IReadOnlyList<string> InOrder { get; } =
        ["owner", "firmware", "kexec", NodeHttpChecks.Check, "boot-scripts", "boot-loader", "root-file-system", "boot-files"];

    const double Megabyte = 1e6;

    public async Task<IReadOnlyList<WaltBootCheck>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [Owner(), Firmware(), Kexec(), .. await ScriptsAsync(cancellationToken).ConfigureAwait(false),
                await FilesAsync(cancellationToken).ConfigureAwait(false)];
        }
        catch (G5kException e)
        {
            return [Owner(), Firmware(), Kexec(), Make("boot-scripts", WaltBootCheckState.Failed, e.Message, e.Recommendation ?? "")];
        }
    }

    WaltBootCheck Owner() => node.Owner is { } owner && owner != server.User
        ? Make("owner", WaltBootCheckState.Failed, $"belongs to {owner}", "Ask its owner to release it, or leave it out.")
        : Make("owner", WaltBootCheckState.Passed, node.Owner is null ? "free" : "yours");

    WaltBootCheck Firmware() => firmware switch
    {
        "uefi" => Make("firmware", WaltBootCheckState.Failed, "UEFI: WalT 10.0 answers the PXE of a BIOS only",
            "Take nodes of another cluster: Get-G5kNode -WaltNode"),
        null => node.IsBooted
            ? Make("firmware", WaltBootCheckState.Passed, "it has booted WalT")
            : Make("firmware", WaltBootCheckState.Unknown, "nothing is known of it", "Boot it once: Invoke-WaltNodeBoot NODE -Method Hard"),
        _ => Make("firmware", WaltBootCheckState.Passed, firmware),
    };

    WaltBootCheck Kexec() => node.Configuration.TryGetValue("kexec.allow", out string? allowed) && allowed == "false"
        ? Make("kexec", WaltBootCheckState.Warning, "kexec.allow is false: each reboot goes through the firmware",
        "Set-WaltNodeConfiguration NODE kexec.allow=true")
        : Make("kexec", WaltBootCheckState.Passed, "allowed");

    async Task<IReadOnlyList<WaltBootCheck>> ScriptsAsync(CancellationToken cancellationToken)
    {
        string? first = await server.GetBootTextAsync(node, "start.ipxe", cancellationToken).ConfigureAwait(false);
        if (first?.StartsWith("#!ipxe", StringComparison.Ordinal) != true)
            return [Make("boot-scripts", WaltBootCheckState.Failed,
                first is null ? "/boot/start.ipxe is not there" : "/boot/start.ipxe is no iPXE script",
                "Give the node its image again: Invoke-WaltNodeBoot NODE -Image IMAGE")];
        WaltBootScripts? scripts = await server.GetBootScriptsAsync(node, cancellationToken).ConfigureAwait(false);
        if (scripts?.RootFileSystem is not { } root)
            return [Make("boot-scripts", WaltBootCheckState.Warning, "start-generic.ipxe names no root file system that is known",
                "Look at it: curl http://SERVER/boot/start-generic.ipxe?node_ip=IP")];
        return
        [
            Make("boot-scripts", WaltBootCheckState.Passed, "start.ipxe and start-generic.ipxe are there"),
            scripts.Bootloader == WaltBootloader.Tftp && isElsewhere
                ? Make("boot-loader", WaltBootCheckState.Warning, "TFTP between sites: about four minutes for kernel and initrd",
                "Boot an image made from a recent default image, or reboot by kexec.")
                : Make("boot-loader", WaltBootCheckState.Passed, scripts.Bootloader == WaltBootloader.Http ? "HTTP" : "TFTP"),
            Make("root-file-system", WaltBootCheckState.Passed, root switch
            {
                WaltRootFileSystem.Nbfs => "NBFS",
                WaltRootFileSystem.Speculative => "speculative root",
                _ => $"NFSv{scripts.NfsVersion}",
            }),
        ];
    }

    async Task<WaltBootCheck> FilesAsync(CancellationToken cancellationToken)
    {
        long? kernel = await server.GetBootFileSizeAsync(node, "kernel", cancellationToken).ConfigureAwait(false);
        long? initrd = await server.GetBootFileSizeAsync(node, "initrd", cancellationToken).ConfigureAwait(false);
        string seen = $"kernel {Show(kernel)}, initrd {Show(initrd)}";
        return kernel is > 0 && initrd is > 0
            ? Make("boot-files", WaltBootCheckState.Passed, seen)
            : Make("boot-files", WaltBootCheckState.Failed, seen,
            "The image lacks a boot file; boot another: Invoke-WaltNodeBoot NODE -Image pc-x86-64-default");
    }

    static string Show(long? size) => size is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Megabyte:0.###} MB") : "missing";

    WaltBootCheck Make(string check, WaltBootCheckState state, string seen, string recommendation = "") => new(check, state)
    {
        Nodes = [node.Name],
        Seen = seen,
        Recommendation = recommendation.Replace("SERVER", server.Host, StringComparison.Ordinal),
    };
}
