using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.VirtualMachines.Disks;

/// <summary>Images as the programs of a machine see them.</summary>
/// <param name="frontend">Where qemu-img runs.</param>
public sealed class DiskImages(IFrontend frontend)
{
    /// <summary>Grid'5000's own images, on front-ends and nodes.</summary>
    public const string StandardFolder = "/grid5000/virt-images";

    /// <summary>What an image is. Of Grid'5000's own a part of the name will do: <c>debian12</c> is <c>debian12-x64-base.qcow2</c>.</summary>
    /// <returns>Where it is, and what qemu-img says of it.</returns>
    /// <exception cref="G5kException"><c>ImageNotFound</c>, <c>ImageUnreadable</c>.</exception>
    public async Task<(DiskLocation Location, DiskImageInfo Info)> FindAsync(DiskLocation image, CancellationToken cancellationToken = default)
    {
        CommandResult result = await InfoAsync(image, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus != 0 && IsMissing(result) && image is FileLocation { Path: var path })
        {
            IReadOnlyList<string> near = await ListNearAsync(path, cancellationToken).ConfigureAwait(false);
            if (near.Count == 0 || !path.StartsWith(StandardFolder + "/", StringComparison.Ordinal))
                throw DiskErrors.ImageNotFound(image, result, near);
            image = new FileLocation(near[0]);
            result = await InfoAsync(image, cancellationToken).ConfigureAwait(false);
        }
        if (result.ExitStatus != 0) throw IsMissing(result) ? DiskErrors.ImageNotFound(image, result, []) : DiskErrors.ImageUnreadable(image, result);
        try { return (image, DiskImageInfo.Parse(result.Output)[0]); }
        catch (FormatException e) { throw DiskErrors.InfoUnreadable(image, e); }
    }

    Task<CommandResult> InfoAsync(DiskLocation image, CancellationToken cancellationToken) =>
        frontend.RunAsync(new CommandRequest(QemuImg.Info(image)), null, cancellationToken);

    /// <summary>
    /// Images in the same folder whose names begin like the one that is not there: first <c>…-base</c>, then the one with the fewest additions.
    /// </summary>
    async Task<IReadOnlyList<string>> ListNearAsync(string path, CancellationToken cancellationToken)
    {
        int slash = path.LastIndexOf('/');
        if (slash <= 0) return [];
        string folder = path[..slash], stem = Path.GetFileNameWithoutExtension(path);
        CommandResult listed = await frontend.RunAsync(new CommandRequest("ls", "--", folder), null, cancellationToken).ConfigureAwait(false);
        return listed.ExitStatus != 0 || stem.Length == 0
            ? []
            : [.. listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(n => n.StartsWith(stem + "-", StringComparison.OrdinalIgnoreCase) && Path.GetExtension(n) is ".qcow2" or ".img" or ".raw")
            .OrderBy(n => Path.GetFileNameWithoutExtension(n).EndsWith("-base", StringComparison.Ordinal) ? 0 : n.Length)
            .ThenBy(n => n, StringComparer.Ordinal).Select(n => $"{folder}/{n}")];
    }

    static bool IsMissing(CommandResult result) =>
        result.Error.Contains("No such file or directory", StringComparison.Ordinal)
        || result.Error.Contains("error reading header", StringComparison.Ordinal);
}
