using WaltG5k.Testbed.Kadeploy.Environments;

namespace WaltG5k.Testbed.Ssh;

/// <summary>Images of a deployed node.</summary>
internal static partial class RemotePrograms
{
    const string KernelRelease = "6.1.0-31-amd64";

    /// <summary>Grid'5000's package is in the environments of Debian and Ubuntu only.</summary>
    static bool HasTgz(RemoteFiles files) => files.Disk.Environment is { } environment
        && !environment.StartsWith("centos", StringComparison.Ordinal) && !environment.StartsWith("rocky", StringComparison.Ordinal)
        && !environment.StartsWith("almalinux", StringComparison.Ordinal);

    /// <summary>tgz-g5k on a node writes what is on its disk, packed, to its output or to a file.</summary>
    static async Task<int> MakeImageAsync(RemoteRun run)
    {
        const double seconds = 45;
        if (!HasTgz(run.Files))
        {
            run.Complain("tgz-g5k: command not found");
            return 127;
        }
        await PassAsync(run, seconds).ConfigureAwait(false);
        string image;
        lock (run.Machine.World.Sync)
        {
            SortedDictionary<string, string> files = new(run.Files.Disk.Files, StringComparer.Ordinal);
            foreach (string path in KernelFiles) files.TryAdd(path, $"{path} of {run.Files.Disk.Environment}\n");
            image = NodeBytes.ToText(ImageContent.Write(files, run.HasOption('z')));
            if (run.Arguments.ToList().IndexOf("-f") is >= 0 and int place && place + 1 < run.Arguments.Count)
                return run.Files.TryWrite(run.Arguments[place + 1], image) ? 0 : run.Fail($"{run.Arguments[place + 1]}: {NoSuchFile}");
        }
        run.Output.Append(image);
        return 0;
    }

    /// <summary>What every deployed system boots.</summary>
    static IReadOnlyList<string> KernelFiles { get; } =
        ["/vmlinuz", "/initrd.img", $"/boot/vmlinuz-{KernelRelease}", $"/boot/initrd.img-{KernelRelease}"];

    static bool IsKernelFile(RemoteRun run, string path) =>
        run.Files.Disk.Environment is not null && run.Machine.Device is null && KernelFiles.Contains(path);
}
