using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Disks;

/// <summary>What is wrong with images and disks, and what to do about it.</summary>
static class DiskErrors
{
    public static G5kException TooSmall(DiskImageInfo image, int size) => new("DiskTooSmall", ErrorKind.InvalidArgument,
        FormattableString.Invariant($"A disk of {size} GiB cannot hold {image}: the guest's file system would be cut off."), image.Name,
        FormattableString.Invariant(
        $"Ask for at least {Math.Ceiling(image.VirtualSize / (double)ByteSizes.Gibibyte)} GiB, or 0 for the size of the image."));

    public static G5kException SizeFixed(DiskImageInfo image, DiskStrategy strategy, int size) => new("DiskSizeFixed", ErrorKind.InvalidArgument,
        FormattableString.Invariant($"With the strategy {strategy} the machine runs on {image} itself: it cannot have {size} GiB."), image.Name,
        "Leave the size out (0), or take the strategy Cow or Copy.");

    public static G5kException SnapshotMissing(RbdLocation image) => new("SnapshotMissing", ErrorKind.InvalidArgument,
        $"Ceph clones snapshots only, and {image} names none.", image.ToString(),
        $"Make one (rbd snap create {image.Pool}/{image.Name}@base) and name it: rbd:{image.Pool}/{image.Name}@base; or take the strategy Copy.");

    public static G5kException PlaceInvalid(DiskLocation image, DiskLocation disk) => new("DiskPlaceInvalid", ErrorKind.InvalidArgument,
        $"The disk {disk} cannot come from {image}: a disk in Ceph comes from an image in Ceph.", disk.ToString(), "Make the disk a file.");

    public static CommandFailedException ImageNotFound(DiskLocation image, CommandResult result, IReadOnlyList<string> near) => new("ImageNotFound",
        $"There is no image {image}", result, image.ToString(),
        near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?"
        : "Look at Grid'5000's own images (ls /grid5000/virt-images), or give the whole path of yours on the front-end.", ErrorKind.ObjectNotFound);

    public static CommandFailedException ImageUnreadable(DiskLocation image, CommandResult result) => new("ImageUnreadable",
        $"qemu-img cannot read {image}", result, image.ToString(), $"Check it by hand: {PosixShell.Join(QemuImg.Info(image))}", ErrorKind.ReadError);

    public static G5kException InfoUnreadable(DiskLocation image, FormatException cause) => new("ImageUnreadable", ErrorKind.ProtocolError,
        $"qemu-img does not say what {image} is. {cause.Message}", image.ToString(), $"Try it by hand: {PosixShell.Join(QemuImg.Info(image))}",
        cause);
}
