using System.Security.Cryptography;
using System.Text;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Walt;

/// <summary>
/// The boot files of an image, small but its own: scripts are alike for all images, as the real ones are; kernel and initrd differ in length and
/// content.
/// </summary>
internal static class BootFiles
{
    const string ByHttp = "chain http://${next-server}/boot/start-generic-2.ipxe || ";

    /// <summary>The file under <c>/boot</c>, or null.</summary>
    /// <param name="root">What is activated in the mounted image.</param>
    /// <param name="http">False: scripts that know TFTP only.</param>
    public static byte[]? Get(string imageId, string path, BootRoot root = BootRoot.Nfs, bool http = true) => path switch
    {
        "start.ipxe" => Text("#!ipxe\nset walt_node_model pc-x86-64\nchain start-generic.ipxe\n"),
        "start-generic.ipxe" => Get(imageId, root switch
        {
            BootRoot.Nbfs => "start-generic-nbfs.ipxe",
            BootRoot.Speculative => "start-generic-bootfs.ipxe",
            _ => "start-generic-nfs3.ipxe",
        }, root, http),
        "start-generic-nfs3.ipxe" => Text(
            "#!ipxe\nset walt_fs_args root=/dev/nfs boot=walt rootfstype=walt nfsroot=${next-server}:/var/lib/walt/nodes/${net0/mac}/fs,ro,vers=3,nolock,nocto\n"
            + $"{(http ? ByHttp : "")}chain tftp://${{next-server}}/start-generic-2.ipxe\n"),
        "start-generic-nbfs.ipxe" => Text(
            "#!ipxe\nset walt_fs_args root=/dev/nbfs boot=walt rootfstype=walt nbfsroot=${next-server}:/var/lib/walt/nodes/${net0/mac}/fs\n"
            + $"{(http ? ByHttp : "")}chain tftp://${{next-server}}/start-generic-2.ipxe\n"),
        "start-generic-bootfs.ipxe" when root == BootRoot.Speculative => Text(
            $"#!ipxe\nset walt_fs_args root=/dev/bootfs boot=bootfs rootfstype=erofs bootfsroot=${{next-server}}:5960/{imageId[..16]} bootfskey=02{WaltHost.DigestOf("key")} "
            + $"bootfsdigest={WaltHost.DigestOf(imageId)}\n"
            + "chain http://${next-server}/boot/start-generic-2-bootfs.ipxe || chain tftp://${next-server}/start-generic-2-bootfs.ipxe\n"),
        "start-generic-2-bootfs.ipxe" when root == BootRoot.Speculative =>
            Text("#!ipxe\nchain server-params.ipxe\ninitrd initrd-bootfs\nkernel kernel || reboot\nboot\n"),
        "initrd-bootfs" when root == BootRoot.Speculative => Noise(imageId, path, 12288),
        "start-generic-2.ipxe" => Text("#!ipxe\nchain server-params.ipxe\ninitrd initrd\nkernel kernel || reboot\nboot\n"),
        "server-params.ipxe" => Text("#!ipxe\nset walt_server_ip 192.168.204.1\n"),
        "kernel" => Noise(imageId, path, 4096),
        "initrd" => Noise(imageId, path, 8192),
        _ => null,
    };

    static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    static byte[] Noise(string imageId, string path, int length)
    {
        byte[] seed = SHA256.HashData(Encoding.UTF8.GetBytes($"{imageId}/{path}"));
        byte[] content = new byte[length + (seed[0] << 2 | seed[1] >> 6)];
        for (int i = 0; i < content.Length; i++) content[i] = seed[i % seed.Length];
        return content;
    }
}
