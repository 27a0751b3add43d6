using WaltG5k.Core.Frontends;

namespace WaltG5k.Lab.Images;

/// <summary>
/// Makes a copy of the Debian tree the root file system of a WalT node. The copy shares its files with others by hard links: a file is replaced,
/// never written into.
/// </summary>
static class ImageTree
{
    const UnixFileMode Executable = (UnixFileMode)0b111_101_101, Readable = LabFolder.Readable, Private = (UnixFileMode)0b110_000_000,
        PrivateFolder = (UnixFileMode)0b111_000_000;

    /// <summary>Units that do nothing for a node without disk and devices: each costs time in software emulation, and round trips.</summary>
    static readonly string[] s_masked =
    [
        "systemd-random-seed.service", "systemd-hwdb-update.service", "systemd-journal-catalog-update.service", "systemd-update-done.service",
            "systemd-pstore.service",
        "systemd-journal-flush.service", "e2scrub_reap.service", "e2scrub_all.timer", "fstrim.timer", "dpkg-db-backup.timer", "getty@tty1.service",
        "dev-hugepages.mount", "dev-mqueue.mount", "sys-kernel-debug.mount", "sys-kernel-tracing.mount", "sys-fs-fuse-connections.mount",
        "sys-kernel-config.mount",
        "modprobe@.service", "kmod-static-nodes.service", "systemd-modules-load.service", "systemd-sysusers.service", "systemd-firstboot.service",
        "systemd-repart.service",
        "systemd-udev-trigger.service", "systemd-update-utmp.service", "systemd-update-utmp-runlevel.service", "systemd-boot-system-token.service",
        "systemd-binfmt.service", "proc-sys-fs-binfmt_misc.automount", "systemd-ask-password-wall.path", "systemd-ask-password-console.path",
        "remote-fs.target",
    ];

    public static void Finish(string tree, LabImage image, LabFolder folder)
    {
        foreach (string program in GuestFiles.Programs) Replace(tree, "/bin/" + program, GuestFiles.Read(program), Executable);
        foreach (string unit in GuestFiles.Units) Replace(tree, "/etc/systemd/system/" + unit, GuestFiles.Read(unit), Readable);
        foreach ((string unit, string target) in GuestFiles.Wanted) Link(tree, $"/etc/systemd/system/{target}.wants/{unit}", "../" + unit);
        foreach (string unit in s_masked) Link(tree, "/etc/systemd/system/" + unit, "/dev/null");
        Replace(tree, "/etc/walt/lab-image", $"IMAGE={image.Name}\nID={image.Id}\n");
        Replace(tree, "/etc/machine-id", "");
        Replace(tree, "/etc/fstab", "");
        Replace(tree, "/etc/hosts", "127.0.0.1 localhost\n192.168.204.1 walt-server server\n");
        Replace(tree, "/etc/resolv.conf", "");
        AddKeys(tree, folder);
        Directory.CreateDirectory(Path.Combine(tree, "persist"));
    }

    static void AddKeys(string tree, LabFolder folder)
    {
        foreach (string key in Directory.EnumerateFiles(Path.Combine(tree, "etc/ssh"), "ssh_host_*")) File.Delete(key);
        Replace(tree, "/etc/ssh/ssh_host_ed25519_key", File.ReadAllBytes(folder.HostKey), Private);
        Replace(tree, "/etc/ssh/ssh_host_ed25519_key.pub", File.ReadAllBytes(folder.HostKey + ".pub"), Readable);
        Replace(tree, "/etc/ssh/sshd_config.d/walt.conf", "UseDNS no\nPrintMotd no\nPrintLastLog no\n");
        Replace(tree, "/root/.ssh/authorized_keys", File.ReadAllBytes(folder.NodeKey + ".pub"), Private);
        SetMode(Path.Combine(tree, "root/.ssh"), PrivateFolder);
    }

    static void Replace(string tree, string path, string text) => Replace(tree, path, System.Text.Encoding.UTF8.GetBytes(text), Readable);

    static void Replace(string tree, string path, byte[] content, UnixFileMode mode)
    {
        string file = Prepare(tree, path);
        File.WriteAllBytes(file, content);
        SetMode(file, mode);
    }

    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    static void Link(string tree, string path, string to) => File.CreateSymbolicLink(Prepare(tree, path), to);

    /// <summary>Also a link that leads nowhere goes: what is written must not end up where it points to.</summary>
    static string Prepare(string tree, string path)
    {
        string file = Path.Combine(tree, path.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        return file;
    }
}
