using WaltG5k.Core;
using WaltG5k.Lab;
using WaltG5k.Lab.Checks;
using WaltG5k.Lab.Images;

namespace WaltG5k.Tests.Lab;

public sealed class LabCheckTests : IDisposable
{
    readonly LabFolder _folder = new(Directory.CreateTempSubdirectory("waltg5k-lab-").FullName);

    public void Dispose() => Directory.Delete(_folder.Root, recursive: true);

    static G5kException Fails(Action action) => Assert.Throws<G5kException>(action);

    [Fact]
    public void All_missing_programs_are_named_at_once_with_their_packages()
    {
        string[] absent = ["qemu-system-x86_64", "dnsmasq", "ganesha.nfsd"];
        G5kException e = Fails(() => LabProgramList.RequireForRunning(p => !absent.Contains(p)));
        Assert.Equal(("LabProgramsMissing", ErrorKind.NotInstalled), (e.Code, e.Kind));
        Assert.All(absent, p => Assert.Contains(p, e.Message, StringComparison.Ordinal));
        Assert.EndsWith("qemu-system-x86 dnsmasq-base nfs-ganesha", e.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void With_all_programs_nothing_is_said()
    {
        LabProgramList.RequireForRunning(_ => true);
        LabProgramList.RequireForImages(_ => true);
    }

    [Fact]
    public void Too_little_memory_is_told_before_anything_starts()
    {
        LabChecks.RequireMemory(2, 512, availableMiB: 2000);
        G5kException e = Fails(() => LabChecks.RequireMemory(2, 512, availableMiB: 1000));
        Assert.Equal("LabMemoryShort", e.Code);
        Assert.Contains("1000 MiB are free", e.Message, StringComparison.Ordinal);
        Assert.Equal("LabNodeMemoryShort", Fails(() => LabChecks.RequireMemory(1, 128, availableMiB: 10_000)).Code);
    }

    [Theory]
    [InlineData("/var/lib/walt")]
    [InlineData("/run/lab")]
    [InlineData("/run")]
    public void A_folder_that_the_server_would_not_see_is_refused(string path) =>
        Assert.Equal("LabPathHidden", Fails(() => LabChecks.RequireVisible(new LabFolder(path))).Code);

    [Theory]
    [InlineData("/var/library")]
    [InlineData("/root/.walt-g5k/lab")]
    public void Other_folders_are_not(string path) => LabChecks.RequireVisible(new LabFolder(path));

    [Theory]
    [InlineData("Debian")]
    [InlineData("a/b")]
    [InlineData("-x")]
    [InlineData("default")]
    [InlineData("a:b")]
    [InlineData("..")]
    public void Names_that_WalT_does_not_take_are_refused(string name) =>
        Assert.Equal("LabImageNameInvalid", Fails(() => LabImageStore.RequireValid(name)).Code);

    [Fact]
    public void Without_images_the_way_to_one_is_told()
    {
        G5kException e = Fails(() => new LabImageStore(_folder).Require([]));
        Assert.Equal("LabImageMissing", e.Code);
        Assert.Contains("New-WaltLabImage", e.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_not_there_is_named_with_those_that_are()
    {
        AddImage("debian");
        G5kException e = Fails(() => new LabImageStore(_folder).Require(["alpine"]));
        Assert.Equal("LabImageNotFound", e.Code);
        Assert.Contains("debian", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boot/kernel", "kernel")]
    [InlineData("boot/initrd", "initramfs")]
    [InlineData("fs/bin/walt-init", "/bin/walt-init")]
    public void An_image_without_its_kernel_or_first_program_is_refused(string file, string named)
    {
        AddImage("debian");
        Assert.Equal("debian", Assert.Single(new LabImageStore(_folder).Require([])).Name);
        File.Delete(Path.Combine(_folder.Images, "debian", file));
        G5kException e = Fails(() => new LabImageStore(_folder).Require([]));
        Assert.Equal("LabImageIncomplete", e.Code);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_made_images_are_none_and_go_when_their_maker_is_gone()
    {
        AddImage(".debian.999999999.tmp");
        AddImage($".other.{Environment.ProcessId}.tmp");
        LabImageStore store = new(_folder);
        Assert.Empty(store.GetAll());
        store.RemoveUnfinished();
        Assert.Equal($".other.{Environment.ProcessId}.tmp", Path.GetFileName(Assert.Single(Directory.EnumerateDirectories(_folder.Images))));
    }

    void AddImage(string name)
    {
        string path = Path.Combine(_folder.Images, name);
        foreach (string file in new[] { "boot/kernel", "boot/initrd", "fs/bin/walt-init" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path, file))!);
            File.WriteAllText(Path.Combine(path, file), "x");
        }
        LabImageStore.WriteDescription(path, new LabImage(name) { Id = new string('a', 64) });
    }
}
