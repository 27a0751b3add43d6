using System.Security.Cryptography;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Seeds;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.IntegrationTests.VirtualMachines;

/// <summary>Disks and seeds as Debian's own programs see them.</summary>
public sealed class RealDiskTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("waltg5k-disks-").FullName;
    readonly LocalFrontend _frontend = new("here");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string At(string name) => Path.Combine(_folder, name);

    async Task<CommandResult> RunAsync(IReadOnlyList<string> words) =>
        (await _frontend.RunAsync(new CommandRequest(words))).EnsureSuccess("x", words[0]);

    async Task<(DiskLocation Location, DiskImageInfo Info)> MakeBaseAsync(string format)
    {
        var image = new FileLocation(At("base, one." + format));
        await RunAsync(["qemu-img", "create", "-q", "-f", format, image.Path, "1G"]);
        await RunAsync(["qemu-io", "-f", format, "-c", "write -P 7 0 64k", image.Path]);
        return await new DiskImages(_frontend).FindAsync(image);
    }

    [MachinesTheory]
    [InlineData("qcow2", DiskStrategy.Cow)]
    [InlineData("raw", DiskStrategy.Cow)]
    [InlineData("qcow2", DiskStrategy.Copy)]
    [InlineData("raw", DiskStrategy.Copy)]
    public async Task A_disk_of_its_own_holds_what_its_image_holds_and_is_as_large_as_asked(string format, DiskStrategy strategy)
    {
        (DiskLocation image, DiskImageInfo info) = await MakeBaseAsync(format);
        Assert.Equal((format, 1L << 30), (info.Format, info.VirtualSize));
        DiskPlan plan = DiskPlan.Create(strategy, image, info, new FileLocation(At("disk.qcow2")), 2);
        foreach (IReadOnlyList<string> command in plan.Commands) await RunAsync(command);
        (_, DiskImageInfo made) = await new DiskImages(_frontend).FindAsync(plan.Disk);
        Assert.Equal((plan.Format, 2L << 30, strategy == DiskStrategy.Cow ? info.Name : null), (made.Format, made.VirtualSize, made.BackingFile));
        Assert.DoesNotContain("Pattern verification failed",
            (await RunAsync(["qemu-io", "-f", plan.Format, "-r", "-c", "read -P 7 0 64k", At("disk.qcow2")])).Output, StringComparison.Ordinal);
        Assert.Contains("No errors", (await RunAsync(["qemu-img", "check", At("disk.qcow2")])).Output, StringComparison.Ordinal);
        await RunAsync(plan.Removal!);
        Assert.False(File.Exists(At("disk.qcow2")));
    }

    [MachinesFact]
    public async Task A_chain_of_disks_is_read_to_its_end()
    {
        (DiskLocation image, DiskImageInfo info) = await MakeBaseAsync("raw");
        DiskPlan first = DiskPlan.Create(DiskStrategy.Cow, image, info, new FileLocation(At("one.qcow2")));
        foreach (IReadOnlyList<string> command in first.Commands) await RunAsync(command);
        (_, DiskImageInfo over) = await new DiskImages(_frontend).FindAsync(first.Disk);
        DiskPlan second = DiskPlan.Create(DiskStrategy.Cow, first.Disk, over, new FileLocation(At("two.qcow2")), 3);
        foreach (IReadOnlyList<string> command in second.Commands) await RunAsync(command);
        IReadOnlyList<DiskImageInfo> chain = DiskImageInfo.Parse((await RunAsync(QemuImg.Info(second.Disk, chain: true))).Output);
        Assert.Equal([("qcow2", 3L << 30), ("qcow2", 1L << 30), ("raw", 1L << 30)], chain.Select(i => (i.Format, i.VirtualSize)));
    }

    [MachinesTheory]
    [InlineData(DiskStrategy.Snapshot, true)]
    [InlineData(DiskStrategy.Direct, false)]
    public async Task QEMU_takes_each_drive_and_only_direct_writes_into_the_image(DiskStrategy strategy, bool isUntouched)
    {
        (DiskLocation image, DiskImageInfo info) = await MakeBaseAsync("raw");
        DiskPlan plan = DiskPlan.Create(strategy, image, info, image);
        string before = Hash(((FileLocation)image).Path);
        // The monitor's own qemu-io writes as the guest would.
        var qemu = new CommandRequest("qemu-system-x86_64", "-accel", "tcg", "-m", "32", "-S", "-display", "none", "-nodefaults", "-monitor",
            "stdio", "-drive", plan.Drive)
        {
            Input = "qemu-io virtio0 \"write -P 9 0 64k\"\nquit\n",
        };
        CommandResult result = await _frontend.RunAsync(qemu);
        Assert.Equal((0, ""), (result.ExitStatus, result.Error));
        Assert.Contains("wrote 65536/65536", result.Output, StringComparison.Ordinal);
        Assert.Equal(isUntouched, before == Hash(((FileLocation)image).Path));
    }

    static string Hash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    [MachinesFact]
    public async Task A_missing_image_and_one_without_a_format_are_told()
    {
        var e = await Assert.ThrowsAnyAsync<G5kException>(() => new DiskImages(_frontend).FindAsync(new FileLocation(At("none"))));
        Assert.Equal("ImageNotFound", e.Code);
        await MakeBaseAsync("raw");
        CommandResult refused = await _frontend.RunAsync(new CommandRequest("qemu-img", "create", "-f", "qcow2", "-b", At("base, one.raw"), At("x")));
        Assert.Contains("Backing file specified without backing format", refused.Error, StringComparison.Ordinal);
    }

    [MachinesFact]
    public async Task The_seed_is_a_disk_for_other_programs_too()
    {
        var seed = new CloudInitSeed("web-1") { AuthorizedKeys = ["ssh-ed25519 AAAA me"],
            Network = new SeedNetwork("52:54:00:00:00:01", "10.0.2.15/24") };
        await _frontend.WriteSeedAsync(At("it's.iso"), seed);
        string image = At("it's.iso");
        string described = (await RunAsync(["isoinfo", "-d", "-i", image])).Output;
        Assert.Contains("Volume id: cidata", described, StringComparison.Ordinal);
        Assert.Contains("Joliet with UCS level 3 found", described, StringComparison.Ordinal);
        string[] names = ["/meta-data", "/network-config", "/user-data"];
        Assert.Equal(names, (await RunAsync(["isoinfo", "-J", "-f", "-i", image])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal));
        Assert.Equal(seed.UserData, (await RunAsync(["isoinfo", "-J", "-x", "/user-data", "-i", image])).Output);
        Assert.Equal(seed.MetaData, (await RunAsync(["isoinfo", "-x", "/META-DATA.;1", "-i", image])).Output);
        Assert.Contains("LABEL=\"cidata\"", (await RunAsync(["blkid", "-p", image])).Output, StringComparison.Ordinal);
    }
}
