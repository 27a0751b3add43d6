using WaltG5k.Core.Walt;
using WaltG5k.Lab.Network;
using WaltG5k.Lab.Services;

namespace WaltG5k.Lab.Walt;

/// <summary>The iPXE scripts that a node gets, in WalT's order: start, start-generic, start-generic-2, parameters.</summary>
static class BootScripts
{
    /// <summary>As WalT mounts: read-only and never asked whether it changed.</summary>
    const string NfsOptions = "ro,vers=3,nolock,nocto,acregmin=157680000,acregmax=157680000,acdirmin=157680000,acdirmax=157680000";

    /// <summary>The scripts of which the link <c>start-generic.ipxe</c> names one.</summary>
    public const string Nfs = "start-generic-nfs3.ipxe", Speculative = "start-generic-bootfs.ipxe";

    /// <param name="roots">By script: the arguments that say where the root file system comes from.</param>
    public static IReadOnlyDictionary<string, string> Get(IReadOnlyDictionary<string, string> roots, WaltBootloader bootloader,
        string kernelArguments) =>
        new Dictionary<string, string>(roots.Select(r => KeyValuePair.Create(r.Key, GetGeneric(r.Value, bootloader))), StringComparer.Ordinal)
    {
        ["start.ipxe"] = "#!ipxe\nset walt_node_model pc-x86-64\nchain start-generic.ipxe\n",
        ["start-generic-2.ipxe"] = "#!ipxe\nchain server-params.ipxe\nchain boot-params.ipxe ||\nimgfree\ninitrd initrd || reboot\n"
            + "kernel kernel initrd=initrd ${walt_fs_args} walt.node.model=${walt_node_model} walt.server.ip=${walt_server_ip} init=/bin/walt-init panic=30"
            + " ip=${net0/ip}:${walt_server_ip}::${net0/netmask}:${hostname}::off BOOTIF=01-${net0/mac:hexhyp} ${walt_boot_args} || reboot\nboot || reboot\n",
        ["server-params.ipxe"] = $"#!ipxe\nset walt_server_ip {LabNetwork.Server}\n",
        ["boot-params.ipxe"] = $"#!ipxe\nset walt_boot_args {kernelArguments}\n",
    };

    /// <param name="key">The public key of its server.</param>
    public static string GetSpeculativeRoot(string image, string key) =>
        $"root=/dev/bootfs boot=walt rootfstype=walt bootfsroot=${{next-server}}:{BootFsPrograms.Port}/{image} bootfskey={key}";

    static string GetGeneric(string root, WaltBootloader bootloader) => $"#!ipxe\nset walt_fs_args {root}\n"
        + (bootloader == WaltBootloader.Http ? "chain http://${next-server}/boot/start-generic-2.ipxe || " : "")
        + "chain tftp://${next-server}/start-generic-2.ipxe\n";

    public static string GetNfsRoot(string imageId) =>
        $"root=/dev/nfs boot=walt rootfstype=walt nfsroot=${{next-server}}:{NfsConfiguration.GetExportPath(imageId)},{NfsOptions}";
}
