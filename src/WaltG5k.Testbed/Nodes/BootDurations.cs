namespace WaltG5k.Testbed.Nodes;

/// <summary>How long the phases of a boot take, as measured on Grid'5000.</summary>
internal static class BootDurations
{
    /// <summary>From the reset to the first PXE request: memory tests, controllers, option ROMs.</summary>
    public static readonly TimeSpan Firmware = TimeSpan.FromSeconds(130);
    /// <summary>Grid'5000's own PXE, then a system from the local disk.</summary>
    public static readonly TimeSpan LocalSystem = TimeSpan.FromSeconds(60);
    /// <summary>How long PXE asks for an address before it gives up.</summary>
    public static readonly TimeSpan PxePatience = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan PxeInterval = TimeSpan.FromSeconds(5);
    /// <summary>Stopping the old system and jumping into the new kernel.</summary>
    public static readonly TimeSpan KexecJump = TimeSpan.FromSeconds(4);
    /// <summary>A server's keepalive: idle time and probes until a silent peer counts as gone.</summary>
    public static readonly TimeSpan Keepalive = TimeSpan.FromSeconds(25);

    /// <summary>Kernel and initrd by the boot loader. By TFTP each block of some 30 MB costs a round trip.</summary>
    public static TimeSpan Loader(bool sameSite, bool http) => TimeSpan.FromSeconds((sameSite, http) switch
    {
        (true, true) => 2,
        (true, false) => 5,
        (false, true) => 35,
        (false, false) => 240,
    });

    /// <summary>Kernel and initrd by a running Linux, which has a real TCP stack.</summary>
    public static TimeSpan KexecFetch(bool sameSite) => TimeSpan.FromSeconds(sameSite ? 0.5 : 1);

    /// <summary>From the kernel to the boot notification, root file system over NFS.</summary>
    public static TimeSpan NetworkSystem(bool sameSite) => TimeSpan.FromSeconds(sameSite ? 15 : 35);
}
