using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Disks;

/// <summary>How one disk of a machine comes from its image: the commands that make it, those that remove it, and what QEMU is told of it.</summary>
public sealed record DiskPlan
{
    public required DiskStrategy Strategy { get; init; }
    public required DiskLocation Image { get; init; }
    public required DiskImageInfo ImageInfo { get; init; }
    /// <summary>What the machine runs on: a disk of its own, or the image itself.</summary>
    public required DiskLocation Disk { get; init; }
    /// <summary>QEMU's name of the disk's format.</summary>
    public required string Format { get; init; }
    /// <summary>Makes the disk: in this order, each only after the one before has succeeded. Empty where the image itself serves.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Commands { get; init; } = [];
    /// <summary>Removes it; null where there is nothing of the machine's own to be removed.</summary>
    public IReadOnlyList<string>? Removal { get; init; }

    public bool IsOwn => Removal is not null;

    /// <summary>
    /// The value of QEMU's option <c>-drive</c>. The format is always said: QEMU protects the first sector of a disk that it has to guess.
    /// </summary>
    public string Drive => string.Join(',', (string[])[
        "file=" + Escape(Disk is RbdLocation rbd ? rbd.QemuName + ":rbd_cache=true" : Disk.QemuName), "format=" + Escape(Format), "if=virtio",
        .. Disk is RbdLocation ? (string[])["cache=writeback"] : [], .. Strategy == DiskStrategy.Snapshot ? (string[])["snapshot=on"] : []]);

    /// <param name="image">What it begins as.</param>
    /// <param name="info">What qemu-img says of the image.</param>
    /// <param name="disk">Where the disk is made; not looked at where the image itself serves.</param>
    /// <param name="size">In GiB; 0: as large as the image.</param>
    /// <exception cref="G5kException"><c>DiskTooSmall</c>, <c>DiskSizeFixed</c>, <c>SnapshotMissing</c>, <c>DiskPlaceInvalid</c>.</exception>
    public static DiskPlan Create(DiskStrategy strategy, DiskLocation image, DiskImageInfo info, DiskLocation disk, int size = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(disk);
        if (strategy is DiskStrategy.Snapshot or DiskStrategy.Direct)
        {
            if (size > 0 && size * Gibibyte != info.VirtualSize) throw DiskErrors.SizeFixed(info, strategy, size);
            return new DiskPlan { Strategy = strategy, Image = image, ImageInfo = info, Disk = image, Format = info.Format };
        }
        if (size > 0 && size * Gibibyte < info.VirtualSize) throw DiskErrors.TooSmall(info, size);
        // A size equal to the image's is no change.
        int wanted = size * Gibibyte == info.VirtualSize ? 0 : size;
        return (image, disk) switch
        {
            (RbdLocation from, RbdLocation to) => InCeph(strategy, from, info, to, wanted),
            (_, FileLocation to) => InFile(strategy, image, info, to, wanted),
            _ => throw DiskErrors.PlaceInvalid(image, disk),
        };
    }

    const long Gibibyte = ByteSizes.Gibibyte;

    static DiskPlan InFile(DiskStrategy strategy, DiskLocation image, DiskImageInfo info, FileLocation disk, int size)
    {
        const string format = "qcow2";
        IReadOnlyList<IReadOnlyList<string>> commands = strategy == DiskStrategy.Cow
            ? [QemuImg.CreateOver(image, info.Format, disk, size)]
            : [QemuImg.Copy(image, info.Format, disk), .. size > 0 ? (IReadOnlyList<string>[])[QemuImg.Resize(disk, format, size)] : []];
        return new DiskPlan { Strategy = strategy, Image = image, ImageInfo = info, Disk = disk, Format = format, Commands = commands,
            Removal = ["rm", "-f", "--", disk.Path] };
    }

    static DiskPlan InCeph(DiskStrategy strategy, RbdLocation image, DiskImageInfo info, RbdLocation disk, int size)
    {
        if (strategy == DiskStrategy.Cow && image.Snapshot is null) throw DiskErrors.SnapshotMissing(image);
        disk = disk with { User = image.User, Configuration = image.Configuration, Snapshot = null };
        IReadOnlyList<string> first = strategy == DiskStrategy.Cow ? QemuImg.RbdClone(image, disk) : QemuImg.RbdCopy(image, disk);
        return new DiskPlan
        {
            Strategy = strategy, Image = image, ImageInfo = info, Disk = disk, Format = info.Format,
            Commands = [first, .. size > 0 ? (IReadOnlyList<string>[])[QemuImg.RbdResize(disk, size)] : []],
            Removal = QemuImg.RbdRemove(disk),
        };
    }

    /// <summary>In the value of an option a comma is written twice.</summary>
    static string Escape(string value) => value.Replace(",", ",,", StringComparison.Ordinal);
}
