using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Lab.Network;

namespace WaltG5k.Lab.Checks;

/// <summary>What can be said before anything is started.</summary>
static class LabChecks
{
    /// <summary>Below this the system of a node does not come up.</summary>
    public const int LeastMemoryMiB = 256;
    /// <summary>Of QEMU's own, beside the node's memory (observed: 350 to 520 MB in all for a node of 512 MB).</summary>
    const int MemoryPerNodeMiB = 100;
    /// <summary>Of the services.</summary>
    const int ServicesMiB = 150;
    /// <summary>A build holds the packages, the tree and its compressed form.</summary>
    const long ImageMiB = 900;
    const int MiB = 1 << 20;

    /// <exception cref="G5kException"><c>LabNeedsLinux</c>, <c>LabNeedsRoot</c>.</exception>
    public static void RequireRoot()
    {
        if (!OperatingSystem.IsLinux()) throw LabErrors.NotLinux();
        if (LibC.GetEffectiveUser() != 0) throw LabErrors.NotRoot();
    }

    /// <exception cref="G5kException"><c>LabPathHidden</c>.</exception>
    public static void RequireVisible(LabFolder folder)
    {
        if (folder.HiddenBy is { } cover) throw LabErrors.PathHidden(folder.Root, cover);
    }

    /// <exception cref="G5kException"><c>LabDeviceMissing</c>.</exception>
    public static void RequireTap()
    {
        if (!File.Exists(TapDevice.Device)) throw LabErrors.DeviceMissing(TapDevice.Device, "it is not there");
    }

    /// <exception cref="G5kException"><c>LabMemoryShort</c>, <c>LabNodeMemoryShort</c>.</exception>
    public static void RequireMemory(int nodes, int memoryMiB, int? availableMiB = null)
    {
        if (memoryMiB < LeastMemoryMiB) throw LabErrors.NodeMemoryTooSmall(memoryMiB, LeastMemoryMiB);
        int needed = nodes * (memoryMiB + MemoryPerNodeMiB) + ServicesMiB;
        int available = availableMiB ?? ReadAvailableMemory();
        if (available < needed) throw LabErrors.TooLittleMemory(needed, available, nodes, memoryMiB);
    }

    /// <exception cref="G5kException"><c>LabDiskShort</c>.</exception>
    public static void RequireDisk(LabFolder folder)
    {
        long free = new DriveInfo(folder.Root).AvailableFreeSpace / MiB;
        if (free < ImageMiB) throw LabErrors.DiskFull(folder.Root, ImageMiB, free);
    }

    static int ReadAvailableMemory()
    {
        string? line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line is null ? int.MaxValue : int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024;
    }
}
