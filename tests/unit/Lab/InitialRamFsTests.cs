using System.Text;
using WaltG5k.Core;
using WaltG5k.Lab.Images;

namespace WaltG5k.Tests.Lab;

public class InitialRamFsTests
{
    const string Dependencies =
        "kernel/fs/nfs/nfsv3.ko: kernel/fs/nfs/nfs.ko kernel/net/sunrpc/sunrpc.ko\nkernel/fs/nfs/nfs.ko: kernel/net/sunrpc/sunrpc.ko\n"
        + "kernel/net/sunrpc/sunrpc.ko:\nkernel/drivers/net/virtio-net.ko:\n";

    [Fact]
    public void Modules_come_after_those_that_they_need_and_once() => Assert.Equal(
        ["kernel/net/sunrpc/sunrpc.ko", "kernel/fs/nfs/nfs.ko", "kernel/fs/nfs/nfsv3.ko", "kernel/drivers/net/virtio-net.ko"],
        KernelModules.Resolve("x", Dependencies, "kernel/fs/fuse/fuse.ko\n", ["nfsv3", "nfs", "fuse", "virtio_net"]));

    [Fact]
    public void A_module_that_the_kernel_lacks_is_named()
    {
        G5kException e = Assert.Throws<G5kException>(() => KernelModules.Resolve("debian", Dependencies, "", ["overlay"]));
        Assert.Equal("LabImageIncomplete", e.Code);
        Assert.Contains("overlay", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_is_what_cpio_reads()
    {
        using MemoryStream stream = new();
        using (CpioArchive archive = new(stream))
        {
            archive.AddDirectory("bin");
            archive.AddFile("bin/a", "hello"u8, isExecutable: true);
            archive.AddLink("bin/b", "a");
            archive.AddCharacterDevice("dev/console", 5, 1);
        }
        List<(string Name, int Mode, string Content, int Major)> entries = [.. Read(stream.ToArray())];
        Assert.Equal([("bin", 0x41ED, "", 0), ("bin/a", 0x81ED, "hello", 0), ("bin/b", 0xA1FF, "a", 0), ("dev/console", 0x2180, "", 5),
            ("TRAILER!!!", 0, "", 0)], entries);
    }

    /// <summary>Reads the "newc" form: a head of 110 characters, name and content, each padded to four.</summary>
    static IEnumerable<(string, int, string, int)> Read(byte[] archive)
    {
        int at = 0;
        while (at < archive.Length)
        {
            Assert.Equal("070701", Encoding.ASCII.GetString(archive, at, 6));
            int Field(int number) => Convert.ToInt32(Encoding.ASCII.GetString(archive, at + 6 + number * 8, 8), 16);
            int nameLength = Field(11), size = Field(6), content = (at + 110 + nameLength + 3) & ~3;
            yield return (Encoding.UTF8.GetString(archive, at + 110, nameLength - 1), Field(1), Encoding.UTF8.GetString(archive, content, size),
                Field(9));
            at = (content + size + 3) & ~3;
        }
    }
}
