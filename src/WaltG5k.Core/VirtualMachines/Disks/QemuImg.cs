using System.Globalization;

namespace WaltG5k.Core.VirtualMachines.Disks;

/// <summary>
/// Command words of <c>qemu-img</c> and <c>rbd</c>, for QEMU 6 and later: a backing file without its format is refused there, and a size below that
/// of the image under it is not.
/// </summary>
public static class QemuImg
{
    const string Qcow2 = "qcow2";

    /// <summary>What an image is. It may be in use: it is only looked at (<c>-U</c>).</summary>
    public static IReadOnlyList<string> Info(DiskLocation image, bool chain = false) =>
        ["qemu-img", "info", "-U", "--output=json", .. chain ? (string[])["--backing-chain"] : [], "--", image.QemuName];

    /// <summary>A qcow2 disk over an image, which must never change from now on.</summary>
    /// <param name="format">That of the image.</param>
    /// <param name="size">In GiB; 0: as large as the image.</param>
    public static IReadOnlyList<string> CreateOver(DiskLocation image, string format, DiskLocation disk, int size = 0) =>
        ["qemu-img", "create", "-q", "-f", Qcow2, "-F", format, "-b", image.QemuName, "--", disk.QemuName, .. Size(size)];

    /// <summary>An empty qcow2 disk.</summary>
    /// <param name="size">In GiB.</param>
    public static IReadOnlyList<string> CreateEmpty(DiskLocation disk, int size) =>
        ["qemu-img", "create", "-q", "-f", Qcow2, "--", disk.QemuName, .. Size(size)];

    /// <summary>A whole copy as qcow2, with all that lies under the image.</summary>
    public static IReadOnlyList<string> Copy(DiskLocation image, string format, DiskLocation disk) =>
        ["qemu-img", "convert", "-f", format, "-O", Qcow2, "--", image.QemuName, disk.QemuName];

    /// <param name="size">In GiB.</param>
    public static IReadOnlyList<string> Resize(DiskLocation disk, string format, int size) =>
        ["qemu-img", "resize", "-q", "-f", format, "--", disk.QemuName, .. Size(size)];

    /// <summary>A clone in Ceph, of a snapshot.</summary>
    public static IReadOnlyList<string> RbdClone(RbdLocation image, RbdLocation disk) => ["rbd", "clone", image.Spec, disk.Spec, .. image.Options];

    public static IReadOnlyList<string> RbdCopy(RbdLocation image, RbdLocation disk) =>
        ["rbd", "cp", "--no-progress", image.Spec, disk.Spec, .. image.Options];

    /// <param name="size">In GiB.</param>
    public static IReadOnlyList<string> RbdResize(RbdLocation disk, int size) =>
        ["rbd", "resize", "--no-progress", "--size", Size(size)[0], disk.Spec, .. disk.Options];

    public static IReadOnlyList<string> RbdRemove(RbdLocation disk) => ["rbd", "rm", "--no-progress", disk.Spec, .. disk.Options];

    public static IReadOnlyList<string> RbdList(RbdLocation place) => ["rbd", "ls", place.Pool, .. place.Options];

    static string[] Size(int gibibytes) => gibibytes == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{gibibytes}G")];
}
