using System.Globalization;
using WaltG5k.Lab.Network;

namespace WaltG5k.Lab.Services;

/// <summary>How QEMU runs a node's instructions.</summary>
public enum LabAccelerator
{
    /// <summary>The processor itself where it really runs a guest, else software.</summary>
    Auto,
    /// <summary>The processor, through /dev/kvm.</summary>
    Kvm,
    /// <summary>In software: everywhere, and several times slower.</summary>
    Tcg,
}

/// <summary>A node as a process: firmware (SeaBIOS), network adapter with iPXE, memory, no disk.</summary>
static class QemuCommand
{
    public const string Program = "qemu-system-x86_64";

    public static IReadOnlyList<string> GetWords(int index, int memoryMiB, LabAccelerator accelerator, string console, string controlSocket) =>
    [
        Program, "-name", LabNetwork.GetNodeName(index), "-M", "q35", .. GetAccelerator(accelerator),
        "-m", memoryMiB.ToString(CultureInfo.InvariantCulture), "-nodefaults", "-no-user-config", "-display", "none",
        "-serial", "file:" + Escape(console), "-qmp", $"unix:{Escape(controlSocket)},server=on,wait=off",
        "-netdev", $"tap,id=walt,ifname={LabNetwork.GetTap(index)},script=no,downscript=no",
        "-device", $"virtio-net-pci,netdev=walt,mac={LabNetwork.GetMac(index)},bootindex=0",
    ];

    /// <summary>Starts a kernel without anything else by the processor; it panics at once, and with that it has shown that it runs.</summary>
    public static IReadOnlyList<string> GetProbe(string kernel) =>
        [Program, "-M", "q35", .. GetAccelerator(LabAccelerator.Kvm), "-m", "256", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-serial", "stdio", "-kernel", kernel, "-append", "console=ttyS0 panic=-1"];

    /// <summary>What saves a kernel the time to calibrate its clock under emulation; the rate is that of this machine.</summary>
    public static string GetKernelArguments(LabAccelerator accelerator, int? clockKHz) => "console=ttyS0 quiet net.ifnames=0 "
        + (accelerator == LabAccelerator.Tcg && clockKHz is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $"tsc=reliable tsc_early_khz={rate}")
        : "tsc=reliable");

    /// <summary>The rate of this machine's time stamp counter, where the processor says that it is constant.</summary>
    public static int? ReadClockKHz()
    {
        string[] lines = File.Exists("/proc/cpuinfo") ? File.ReadAllLines("/proc/cpuinfo") : [];
        if (!lines.Any(l => l.StartsWith("flags", StringComparison.Ordinal) && l.Contains(" constant_tsc", StringComparison.Ordinal))) return null;
        string? rate = lines.FirstOrDefault(l => l.StartsWith("cpu MHz", StringComparison.Ordinal))?.Split(':')[1];
        return double.TryParse(rate, CultureInfo.InvariantCulture, out double mhz) ? (int)(mhz * 1000) : null;
    }

    static string[] GetAccelerator(LabAccelerator accelerator) =>
        accelerator == LabAccelerator.Kvm ? ["-accel", "kvm", "-cpu", "host"] : ["-accel", "tcg,thread=multi", "-cpu", "max"];

    /// <summary>QEMU doubles commas in values.</summary>
    static string Escape(string path) => path.Replace(",", ",,", StringComparison.Ordinal);
}
