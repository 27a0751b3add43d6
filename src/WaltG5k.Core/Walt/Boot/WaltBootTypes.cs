using System.Globalization;

namespace WaltG5k.Core.Walt;

/// <summary>How a node gets its root file system.</summary>
public enum WaltRootFileSystem
{
    Nfs,
    /// <summary>The network boot file system of WalT's author, which sends ahead what will be read. Its server is not public.</summary>
    Nbfs,
    /// <summary>
    /// WaltG5k's own root file system, which sends ahead what earlier boots of the image have read: see Enable-WaltSpeculativeBoot.
    /// </summary>
    Speculative,
}

/// <summary>How the boot loader fetches kernel and initrd.</summary>
public enum WaltBootloader
{
    Http,
    /// <summary>One round trip for each block: slow between sites.</summary>
    Tftp,
}

/// <summary>How a duration is known.</summary>
public enum WaltEvidence
{
    /// <summary>Between two moments that somebody wrote down: the server's log, its HTTP service, the node's own clock.</summary>
    Observed,
    /// <summary>By the figures of other boots, because nobody wrote anything down.</summary>
    Estimated,
}

/// <summary>
/// A part of the time from the reboot order to the boot notification: <c>kernel</c> (kernel and initrd fetched by the running system), <c>kexec</c>
/// (jump into the new kernel), <c>firmware</c>, <c>bootloader</c>, <c>system</c> (from the kernel to the notification); <c>kernel+kexec</c> or
/// <c>boot</c> where
/// nothing tells them apart.
/// </summary>
public sealed record WaltBootPart(string Name, TimeSpan Duration, WaltEvidence Evidence = WaltEvidence.Observed)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name} {(Evidence == WaltEvidence.Estimated ? "~" : "")}{Duration.TotalSeconds:0.0} s");
}

/// <summary>What the boot scripts say that the server gives to a node.</summary>
public sealed record WaltBootScripts
{
    /// <summary>Null where the script does not say.</summary>
    public WaltRootFileSystem? RootFileSystem { get; init; }
    /// <summary>3 or 4 with NFS.</summary>
    public int? NfsVersion { get; init; }
    public WaltBootloader Bootloader { get; init; }

    /// <summary>Reads <c>start-generic.ipxe</c>.</summary>
    public static WaltBootScripts Parse(string script)
    {
        bool Says(string text) => script.Contains(text, StringComparison.Ordinal);
        bool nfs4 = Says("root=/dev/nfs4"), nfs = nfs4 || Says("root=/dev/nfs");
        return new WaltBootScripts
        {
            RootFileSystem = Says("root=/dev/bootfs")
                ? WaltRootFileSystem.Speculative
                : Says("root=/dev/nbfs") ? WaltRootFileSystem.Nbfs : nfs ? WaltRootFileSystem.Nfs : null,
            NfsVersion = nfs4 ? 4 : nfs ? 3 : null,
            Bootloader = Says("http://") ? WaltBootloader.Http : WaltBootloader.Tftp,
        };
    }

    public override string ToString() => $"{RootFileSystem?.ToString() ?? "?"}, {Bootloader}";
}
