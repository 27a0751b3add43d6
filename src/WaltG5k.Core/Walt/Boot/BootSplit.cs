namespace WaltG5k.Core.Walt;

/// <summary>The moments of a node's boot that somebody wrote down, all on the clock of the WalT server.</summary>
/// <param name="Start">When the node took the order, or was ordered to be reset.</param>
/// <param name="Booted">The boot notification.</param>
sealed record BootMoments(DateTimeOffset Start, DateTimeOffset Booted)
{
    /// <summary>When the node began to fetch boot files by HTTP, and when it had them.</summary>
    public (DateTimeOffset Begin, DateTimeOffset End)? Files { get; init; }
    /// <summary>When the new kernel began, by its own count.</summary>
    public DateTimeOffset? Kernel { get; init; }
}

/// <summary>Divides the time of a boot by what was observed of it.</summary>
static class BootSplit
{
    /// <summary>What servers on Grid'5000 take from a reset to their first PXE request.</summary>
    static readonly TimeSpan s_firmware = TimeSpan.FromSeconds(130);

    public static IReadOnlyList<WaltBootPart> Divide(BootMoments moments, bool isKexec)
    {
        List<WaltBootPart> parts = [];
        // What lies outside the boot was of another one.
        var files = moments.Files is { } f && f.Begin >= moments.Start && f.End <= moments.Booted ? moments.Files : null;
        DateTimeOffset? kernel = moments.Kernel is { } k && k >= (files?.End ?? moments.Start) && k <= moments.Booted ? k : null;
        DateTimeOffset at = moments.Start;
        if (isKexec)
        {
            if (files is { } fetched) Add("kernel", fetched.End);
            if (kernel is { } jumped) Add(files is null ? "kernel+kexec" : "kexec", jumped);
        }
        else if (files is { } fetched)
        {
            Add("firmware", fetched.Begin);
            Add("bootloader", kernel ?? fetched.End);
        }
        else if (kernel is { } begun)
        {
            // Nobody saw where the firmware ended: TFTP leaves no trace.
            TimeSpan both = begun - at, firmware = both < s_firmware ? both : s_firmware;
            parts.Add(new WaltBootPart("firmware", firmware, WaltEvidence.Estimated));
            parts.Add(new WaltBootPart("bootloader", both - firmware, WaltEvidence.Estimated));
            at = begun;
        }
        bool isWhole = parts.Count == 0;
        Add(isWhole ? "boot" : isKexec && kernel is null ? "kexec+system" : "system", moments.Booted);
        return parts;

        void Add(string name, DateTimeOffset end)
        {
            parts.Add(new WaltBootPart(name, end - at));
            at = end;
        }
    }
}
