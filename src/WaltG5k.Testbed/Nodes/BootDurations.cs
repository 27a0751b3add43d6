namespace WaltG5k.Testbed.Nodes;

/// <summary>
/// How long the phases of a boot take, as measured on Grid'5000 for the 2021 talk on WalT: what comes over the network costs round trips, so that the
/// way to the server decides.
/// </summary>
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

    /// <summary>TFTP waits for an answer after each block of some 30 MB.</summary>
    const int TftpRoundTrips = 30_000;
    /// <summary>iPXE's HTTP, with its small windows.</summary>
    const int HttpRoundTrips = 4_100;
    /// <summary>A running Linux has a real TCP stack.</summary>
    const int KexecRoundTrips = 62;
    /// <summary>Opening and reading files over NFS, one after the other.</summary>
    const int NfsRoundTrips = 2_540;
    /// <summary>NBFS guesses what will be read, and sends it before it is asked.</summary>
    const int NbfsRoundTrips = 12;

    /// <summary>The speculative root before it has recorded a boot: one after the other, but fewer and larger reads than over NFS.</summary>
    const int DemandRoundTrips = 530;

    /// <summary>Kernel and initrd by the boot loader.</summary>
    public static TimeSpan Loader(TimeSpan roundTrip, bool http) => http ? Take(2, HttpRoundTrips, roundTrip) : Take(0.5, TftpRoundTrips, roundTrip);

    /// <summary>Kernel and initrd by a running Linux.</summary>
    public static TimeSpan KexecFetch(TimeSpan roundTrip) => Take(0.5, KexecRoundTrips, roundTrip);

    /// <summary>From the kernel to the boot notification, root file system over the network.</summary>
    /// <param name="hasTrace">With the speculative root: whether an earlier boot was recorded, which makes it wait as seldom as NBFS does.</param>
    public static TimeSpan NetworkSystem(TimeSpan roundTrip, BootRoot root, bool hasTrace = false) => Take(14.7, root switch
    {
        BootRoot.Nfs => NfsRoundTrips,
        BootRoot.Speculative when !hasTrace => DemandRoundTrips,
        _ => NbfsRoundTrips,
    }, roundTrip);

    static TimeSpan Take(double seconds, int roundTrips, TimeSpan roundTrip) => TimeSpan.FromSeconds(seconds) + roundTrips * roundTrip;
}
