using System.Security.Cryptography;
using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Storage;
using WaltG5k.Lab.Checks;
using WaltG5k.Lab.Processes;
using WaltG5k.Lab.Services;

namespace WaltG5k.Lab.Images;

/// <summary>Makes images: whole ones or none.</summary>
public sealed class LabImageBuilder(LabFolder folder, IReporter reporter)
{
    const int ProgressId = 0x6c616249;
    /// <summary>Where a build stands when each step begins, in percent of its usual time.</summary>
    const int CopyPercent = 75, BootPercent = 80, CompressPercent = 85;

    static readonly TimeSpan s_stepLimit = TimeSpan.FromMinutes(10);

    readonly LabImageStore _store = new(folder);
    readonly DebianTree _debian = new(folder);

    /// <summary>Raises what can be said before anything is made.</summary>
    /// <exception cref="G5kException"><c>LabNeedsRoot</c>, <c>LabProgramsMissing</c>, <c>LabImageNameInvalid</c>, <c>LabImageExists</c>,
    /// <c>LabDiskShort</c>.</exception>
    public void Check(LabImageRequest request)
    {
        LabImageStore.RequireValid(request.Name);
        if (!request.Force && _store.Find(request.Name) is not null) throw LabErrors.ImageExists(request.Name);
        LabChecks.RequireRoot();
        LabProgramList.RequireForImages();
        LabChecks.RequireVisible(folder);
    }

    /// <exception cref="G5kException">As <see cref="Check"/>; <c>LabImageNotBuilt</c>, <c>LabBusy</c>, <c>LabImageInUse</c>.</exception>
    public async Task<LabImage> BuildAsync(LabImageRequest request, CancellationToken cancellationToken = default)
    {
        Check(request);
        folder.Create();
        LabChecks.RequireDisk(folder);
        using FileLock mine = FileLock.TryTake(folder.LockFile) ?? throw LabErrors.Busy(folder.Root);
        if (request.Force && _store.Find(request.Name) is not null && LabState.Read(folder) is { Owner.IsAlive: true })
            throw LabErrors.ImageInUse(request.Name);
        _store.RemoveUnfinished();
        string unfinished = LabImageStore.GetUnfinishedPath(folder.Images, request.Name);
        try
        {
            return await BuildAsync(request, unfinished, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            reporter.Progress(new ProgressUpdate(ProgressId, Activity(request), "Done") { Completed = true });
        }
    }

    async Task<LabImage> BuildAsync(LabImageRequest request, string unfinished, CancellationToken cancellationToken)
    {
        int percent = 0;
        void Step(string text, int to) => reporter.Progress(
            new ProgressUpdate(ProgressId, Activity(request), text) { Percent = percent = Math.Max(percent, to) });

        await LabKeys.EnsureAsync(folder, cancellationToken).ConfigureAwait(false);
        Step("Debian", 1);
        string debian = await _debian.GetAsync(request, s => Step(s, Math.Min(percent + 10, CopyPercent)), cancellationToken).ConfigureAwait(false);

        Step("copying the tree", CopyPercent);
        string tree = Path.Combine(unfinished, "fs"), boot = Path.Combine(unfinished, "boot");
        Directory.CreateDirectory(boot);
        await RunAsync(request, cancellationToken, "cp", "-al", debian, tree).ConfigureAwait(false);
        string kernel = Directory.EnumerateDirectories(Path.Combine(tree, "lib/modules")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .LastOrDefault()
            ?? throw LabErrors.ImageWithoutKernel(request.Name, "modules");
        LabImage image = new(request.Name)
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Name} {debian} {DateTimeOffset.UtcNow.UtcTicks}"))),
            Created = DateTimeOffset.UtcNow,
            Suite = request.Suite,
            Kernel = kernel,
            Packages = request.Packages,
        };
        ImageTree.Finish(tree, image, folder);

        Step("kernel and initramfs", BootPercent);
        string kernelFile = Path.Combine(tree, "boot/kernel");
        if (!File.Exists(kernelFile)) throw LabErrors.ImageWithoutKernel(request.Name, "/boot/kernel");
        File.Move(kernelFile, Path.Combine(boot, "kernel"));
        Dictionary<string, byte[]> extras = [];
        if (BootFsPrograms.FindClient() is { } client)
            extras["bin/" + BootFsPrograms.Client] = await File.ReadAllBytesAsync(client, cancellationToken).ConfigureAwait(false);
        InitialRamFs.Write(request.Name, tree, kernel, Path.Combine(boot, "initrd"), extras);

        foreach (string file in Directory.EnumerateFiles(boot)) ImageTree.SetMode(file, LabFolder.Readable);

        Step("compressing the root file system", CompressPercent);
        string squash = Path.Combine(unfinished, "root.squashfs");
        await RunAsync(request, cancellationToken, "mksquashfs", tree, squash, "-comp", "lz4", "-noappend", "-no-progress", "-quiet")
            .ConfigureAwait(false);

        image = image with
        {
            HasSpeculativeRoot = extras.Count > 0,
            BootSize = Directory.EnumerateFiles(boot).Sum(f => new FileInfo(f).Length),
            RootSize = new FileInfo(squash).Length,
        };
        LabImageStore.WriteDescription(unfinished, image);
        string path = Path.Combine(folder.Images, request.Name);
        LabImageStore.Publish(unfinished, path);
        return image with { Path = path };
    }

    static string Activity(LabImageRequest request) => $"Making the image {request.Name}";

    static async Task RunAsync(LabImageRequest request, CancellationToken cancellationToken, params string[] words)
    {
        CommandResult result = await new LocalFrontend("lab")
            .RunAsync(new CommandRequest(words) { Timeout = s_stepLimit, Effect = CommandEffect.Change }, null, cancellationToken)
            .ConfigureAwait(false);
        if (result.ExitStatus != 0) throw LabErrors.BuildFailed(request.Name, words[0], result.LastLines(3));
    }
}
