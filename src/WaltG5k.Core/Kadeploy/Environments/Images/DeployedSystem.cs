using System.Globalization;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>What the running system of a deployed node tells of itself.</summary>
/// <param name="Files">Kernels and initial RAM disks that are there, of those that were asked for.</param>
sealed record DeployedSystem(string KernelRelease, string Architecture, IReadOnlySet<string> Files)
{
    /// <summary>
    /// The kernel that the image boots: the path that its former description has, the usual links, or the file of the running kernel.
    /// </summary>
    public string? FindKernel(string? former) => First(former, "/vmlinuz", "/boot/vmlinuz", $"/boot/vmlinuz-{KernelRelease}");

    public string? FindInitrd(string? former) =>
        First(former, "/initrd.img", "/boot/initrd.img", $"/boot/initrd.img-{KernelRelease}", $"/boot/initramfs-{KernelRelease}.img");

    string? First(params string?[] paths) => paths.FirstOrDefault(p => p is not null && Files.Contains(p));

    /// <exception cref="G5kException"><c>NodeNotDeployed</c>: root cannot log in; <c>NodeUnreachable</c>.</exception>
    public static async Task<DeployedSystem> ReadAsync(NodeLink link, EnvironmentBoot? former, CancellationToken cancellationToken)
    {
        CommandResult system = await link.RunAsync("uname -r; uname -m", cancellationToken).ConfigureAwait(false);
        string[] words = system.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (system.ExitStatus != 0 || words.Length < 2) throw link.Failed(system);
        string release = words[^2], architecture = words[^1];
        string[] candidates =
        [
            .. new[] { former?.Kernel, former?.Initrd }.OfType<string>(), "/vmlinuz", "/initrd.img", "/boot/vmlinuz", "/boot/initrd.img",
            $"/boot/vmlinuz-{release}", $"/boot/initrd.img-{release}", $"/boot/initramfs-{release}.img",
        ];
        string line = string.Join("; ", candidates.Distinct()
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"test -e {PosixShell.Quote(c)} && echo {PosixShell.Quote(c)}"))) + "; true";
        CommandResult looked = await link.RunAsync(line, cancellationToken).ConfigureAwait(false);
        if (looked.ExitStatus != 0) throw link.Failed(looked);
        return new DeployedSystem(release, architecture,
            looked.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal));
    }
}
