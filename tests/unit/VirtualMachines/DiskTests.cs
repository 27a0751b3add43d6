using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.VirtualMachines;

public sealed class DiskTests : IAsyncLifetime
{
    TestbedGrid _grid = null!;
    IFrontend _frontend = null!;

    public async Task InitializeAsync()
    {
        _grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        _frontend = _grid.GetFrontend("nancy");
    }

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    static DiskImageInfo Info(string format = "qcow2", int gibibytes = 10) =>
        new() { Name = "/images/base.qcow2", Format = format, VirtualSize = (long)gibibytes << 30 };

    static readonly FileLocation s_base = new("/images/base.qcow2"), s_disk = new("/home/me/vm.qcow2");

    static string Commands(DiskPlan plan) => string.Join("\n", plan.Commands.Select(PosixShell.Join));

    [Theory]
    [InlineData(DiskStrategy.Cow, 0, "qemu-img create -q -f qcow2 -F qcow2 -b /images/base.qcow2 -- /home/me/vm.qcow2",
        "file=/home/me/vm.qcow2,format=qcow2,if=virtio")]
    [InlineData(DiskStrategy.Cow, 20, "qemu-img create -q -f qcow2 -F qcow2 -b /images/base.qcow2 -- /home/me/vm.qcow2 20G",
        "file=/home/me/vm.qcow2,format=qcow2,if=virtio")]
    [InlineData(DiskStrategy.Copy, 10, "qemu-img convert -f qcow2 -O qcow2 -- /images/base.qcow2 /home/me/vm.qcow2",
        "file=/home/me/vm.qcow2,format=qcow2,if=virtio")]
    [InlineData(DiskStrategy.Copy, 20,
        "qemu-img convert -f qcow2 -O qcow2 -- /images/base.qcow2 /home/me/vm.qcow2\nqemu-img resize -q -f qcow2 -- /home/me/vm.qcow2 20G",
        "file=/home/me/vm.qcow2,format=qcow2,if=virtio")]
    [InlineData(DiskStrategy.Snapshot, 0, "", "file=/images/base.qcow2,format=qcow2,if=virtio,snapshot=on")]
    [InlineData(DiskStrategy.Direct, 10, "", "file=/images/base.qcow2,format=qcow2,if=virtio")]
    public void Each_strategy_has_its_commands_and_its_drive(DiskStrategy strategy, int size, string commands, string drive)
    {
        DiskPlan plan = DiskPlan.Create(strategy, s_base, Info(), s_disk, size);
        Assert.Equal((commands, drive), (Commands(plan), plan.Drive));
        Assert.Equal(commands.Length > 0, plan.IsOwn);
    }

    [Theory]
    [InlineData(DiskStrategy.Cow,
        "rbd clone images/debian@v1 images/vm --conf /c.conf --id me\nrbd resize --no-progress --size 20G images/vm --conf /c.conf --id me")]
    [InlineData(DiskStrategy.Copy,
        "rbd cp --no-progress images/debian@v1 images/vm --conf /c.conf --id me\nrbd resize --no-progress --size 20G images/vm --conf /c.conf --id me")]
    public void Disks_in_Ceph_are_made_by_rbd(DiskStrategy strategy, string commands)
    {
        DiskLocation image = DiskLocation.Parse("rbd:images/debian@v1:id=me:conf=/c.conf");
        DiskPlan plan = DiskPlan.Create(strategy, image, Info("raw"), new RbdLocation("images", "vm"), 20);
        Assert.Equal(commands, Commands(plan));
        Assert.Equal("file=rbd:images/vm:id=me:conf=/c.conf:rbd_cache=true,format=raw,if=virtio,cache=writeback", plan.Drive);
        Assert.Equal("rbd rm --no-progress images/vm --conf /c.conf --id me", PosixShell.Join(plan.Removal!));
    }

    [Theory]
    [InlineData(DiskStrategy.Cow, 9, "DiskTooSmall")]
    [InlineData(DiskStrategy.Copy, 1, "DiskTooSmall")]
    [InlineData(DiskStrategy.Snapshot, 20, "DiskSizeFixed")]
    [InlineData(DiskStrategy.Direct, 5, "DiskSizeFixed")]
    public void A_size_that_would_harm_the_image_is_refused(DiskStrategy strategy, int size, string code) =>
        Assert.Equal(code, Assert.Throws<G5kException>(() => DiskPlan.Create(strategy, s_base, Info(), s_disk, size)).Code);

    [Fact]
    public void A_clone_in_Ceph_wants_a_snapshot_and_a_disk_in_Ceph_an_image_there()
    {
        Assert.Equal("SnapshotMissing", Assert.Throws<G5kException>(() =>
            DiskPlan.Create(DiskStrategy.Cow, DiskLocation.Parse("rbd:p/n"), Info("raw"), new RbdLocation("p", "vm"))).Code);
        Assert.Equal("DiskPlaceInvalid", Assert.Throws<G5kException>(() =>
            DiskPlan.Create(DiskStrategy.Cow, s_base, Info(), new RbdLocation("p", "vm"))).Code);
    }

    [Fact]
    public void Commas_in_names_are_doubled_in_a_drive() =>
        Assert.Equal("file=/a,,b.img,format=raw,if=virtio",
        DiskPlan.Create(DiskStrategy.Direct, new FileLocation("/a,b.img"), Info("raw"), s_disk).Drive);

    [Theory]
    [InlineData("rbd:pool")]
    [InlineData("rbd:pool/")]
    [InlineData("rbd:pool/name:foo=bar")]
    [InlineData("")]
    public void What_names_no_image_is_refused(string text) => Assert.Throws<FormatException>(() => DiskLocation.Parse(text));

    [Fact]
    public void The_answer_of_qemu_img_is_read_whatever_a_login_prints_before()
    {
        const string json =
            "{\n    \"backing-filename-format\": \"qcow2\",\n    \"virtual-size\": 2147483648,\n    \"filename\": \"c.q\",\n    \"cluster-size\": 65536,\n    \"format\": \"qcow2\",\n"
            + "    \"actual-size\": 200704,\n    \"full-backing-filename\": \"/tmp/b.q\",\n    \"backing-filename\": \"b.q\",\n    \"dirty-flag\": false\n}\n";
        DiskImageInfo info = DiskImageInfo.Parse("Welcome\n" + json)[0];
        Assert.Equal(("c.q", "qcow2", 2L << 30, "/tmp/b.q", "qcow2"),
            (info.Name, info.Format, info.VirtualSize, info.BackingFile, info.BackingFormat));
        Assert.Throws<FormatException>(() => DiskImageInfo.Parse("nothing"));
    }

    async Task<CommandResult> RunAsync(params string[] words) => await _frontend.RunAsync(new CommandRequest(words));

    [Fact]
    public async Task The_emulated_qemu_img_makes_chains_and_looks_through_them()
    {
        (DiskLocation image, DiskImageInfo info) = await new DiskImages(_frontend)
            .FindAsync(new FileLocation("/grid5000/virt-images/debian12-x64-base.qcow2"));
        string home = $"/home/{_grid.User}";
        DiskPlan first = DiskPlan.Create(DiskStrategy.Cow, image, info, new FileLocation($"{home}/one.qcow2"), 20);
        foreach (IReadOnlyList<string> command in first.Commands) (await RunAsync([.. command])).EnsureSuccess("x", "y");
        (_, DiskImageInfo over) = await new DiskImages(_frontend).FindAsync(first.Disk);
        Assert.Equal((20L << 30, "/grid5000/virt-images/debian12-x64-base.qcow2"), (over.VirtualSize, over.BackingFile));
        DiskPlan second = DiskPlan.Create(DiskStrategy.Copy, first.Disk, over, new FileLocation($"{home}/two.qcow2"), 30);
        foreach (IReadOnlyList<string> command in second.Commands) (await RunAsync([.. command])).EnsureSuccess("x", "y");
        (_, DiskImageInfo copy) = await new DiskImages(_frontend).FindAsync(second.Disk);
        Assert.Equal((30L << 30, null), (copy.VirtualSize, copy.BackingFile));
        CommandResult chain = await RunAsync([.. QemuImg.Info(first.Disk, chain: true)]);
        Assert.Equal(["one.qcow2", "debian12-x64-base.qcow2"], DiskImageInfo.Parse(chain.Output).Select(i => Path.GetFileName(i.Name)));
    }

    [Theory]
    [InlineData("qemu-img: x.qcow2: Backing file specified without backing format\nDetected format of qcow2.\n", "create", "-f", "qcow2", "-b",
        "/grid5000/virt-images/debian12-x64-nfs.qcow2", "x.qcow2")]
    [InlineData("qemu-img: x.qcow2: Could not open '/nope': No such file or directory\nCould not open backing image.\n", "create", "-f", "qcow2",
        "-F", "raw", "-b", "/nope", "x.qcow2")]
    [InlineData("qemu-img: x.qcow2: Image creation needs a size parameter\n", "create", "-f", "qcow2", "x.qcow2")]
    [InlineData("qemu-img: Could not open '/nope': Could not open '/nope': No such file or directory\n", "info", "/nope")]
    public async Task The_emulated_qemu_img_refuses_as_version_7_2_does(string error, params string[] words)
    {
        CommandResult result = await RunAsync(["qemu-img", .. words]);
        Assert.Equal((1, error), (result.ExitStatus, result.Error));
    }

    [Fact]
    public async Task A_disk_is_never_shrunk_by_accident()
    {
        Assert.Equal(0, (await RunAsync("qemu-img", "create", "-f", "qcow2", "big.qcow2", "2G")).ExitStatus);
        CommandResult refused = await RunAsync("qemu-img", "resize", "-f", "qcow2", "big.qcow2", "1G");
        Assert.Equal(1, refused.ExitStatus);
        Assert.Contains("--shrink", refused.Error, StringComparison.Ordinal);
        Assert.Equal("Image resized.\n", (await RunAsync("qemu-img", "resize", "-f", "qcow2", "big.qcow2", "3G")).Output);
    }

    [Fact]
    public async Task A_file_of_any_other_kind_is_raw()
    {
        await File.WriteAllTextAsync(Path.Combine(_grid.HomeDirectory, "note.txt"), "hello");
        (_, DiskImageInfo info) = await new DiskImages(_frontend).FindAsync(new FileLocation($"/home/{_grid.User}/note.txt"));
        Assert.Equal(("raw", 512L), (info.Format, info.VirtualSize));
    }

    [Fact]
    public async Task Part_of_the_name_of_a_standard_image_will_do()
    {
        (DiskLocation image, _) = await new DiskImages(_frontend).FindAsync(new FileLocation("/grid5000/virt-images/debian12.qcow2"));
        Assert.Equal("/grid5000/virt-images/debian12-x64-base.qcow2", image.ToString());
        var e = await Assert.ThrowsAnyAsync<G5kException>(() => new DiskImages(_frontend)
            .FindAsync(new FileLocation("/grid5000/virt-images/debian99.qcow2")));
        Assert.Equal(("ImageNotFound", ErrorKind.ObjectNotFound), (e.Code, e.Kind));
    }
}
