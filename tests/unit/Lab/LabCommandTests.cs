using WaltG5k.Core.Walt;
using WaltG5k.Lab.Images;
using WaltG5k.Lab.Services;
using WaltG5k.Lab.Walt;

namespace WaltG5k.Tests.Lab;

public class LabCommandTests
{
    static readonly string s_id = new('a', 64);

    [Fact]
    public void Dnsmasq_gives_each_node_its_own_address_and_name()
    {
        IReadOnlyList<string> words = DhcpCommand.GetWords(2, "/lab/tftp");
        Assert.Contains("--dhcp-host=52:54:00:cc:00:01,192.168.204.2,lab-1", words);
        Assert.Contains("--dhcp-host=52:54:00:cc:00:02,192.168.204.3,lab-2", words);
        Assert.Contains("--dhcp-boot=start.ipxe,,192.168.204.1", words);
        Assert.Contains("--interface=walt0", words);
        Assert.Contains("--conf-file=/dev/null", words);
    }

    [Fact]
    public void A_node_has_a_tap_a_console_and_a_reset_button_and_no_disk()
    {
        IReadOnlyList<string> words = QemuCommand.GetWords(1, 384, LabAccelerator.Tcg, "/lab/a,b.log", "/run/lab-2.qmp");
        Assert.Contains("tap,id=walt,ifname=node1,script=no,downscript=no", words);
        Assert.Contains("file:/lab/a,,b.log", words);
        Assert.Contains("unix:/run/lab-2.qmp,server=on,wait=off", words);
        Assert.Contains("384", words);
        Assert.Contains("tcg,thread=multi", words);
        Assert.DoesNotContain(words, w => w.Contains("-drive", StringComparison.Ordinal));
    }

    [Fact]
    public void The_rate_of_the_clock_is_told_to_nodes_in_software_only()
    {
        Assert.Contains("tsc_early_khz=2000000", QemuCommand.GetKernelArguments(LabAccelerator.Tcg, 2_000_000), StringComparison.Ordinal);
        Assert.DoesNotContain("tsc_early_khz", QemuCommand.GetKernelArguments(LabAccelerator.Kvm, 2_000_000), StringComparison.Ordinal);
        Assert.DoesNotContain("tsc_early_khz", QemuCommand.GetKernelArguments(LabAccelerator.Tcg, null), StringComparison.Ordinal);
    }

    [Fact]
    public void Ganesha_exports_each_image_read_only_under_the_path_that_boot_scripts_name()
    {
        LabImage image = new("debian") { Id = s_id, Path = "/lab/images/debian" };
        string text = NfsConfiguration.GetText([image, image with { Name = "b" }]);
        Assert.Contains($"Export_Id = 1; Path = \"/lab/images/debian/fs\"; Pseudo = \"/var/lib/walt/images/{s_id}/fs\"", text,
            StringComparison.Ordinal);
        Assert.Contains("Export_Id = 2", text, StringComparison.Ordinal);
        Assert.Contains("Access_Type = RO", text, StringComparison.Ordinal);
        Assert.Contains($"nfsroot=${{next-server}}:/var/lib/walt/images/{s_id}/fs,ro,vers=3,nolock", BootScripts.GetNfsRoot(s_id),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WaltBootloader.Http)]
    [InlineData(WaltBootloader.Tftp)]
    public void Boot_scripts_say_what_WalTs_own_say(WaltBootloader bootloader)
    {
        IReadOnlyDictionary<string, string> scripts = BootScripts.Get(new Dictionary<string, string>
        {
            [BootScripts.Nfs] = BootScripts.GetNfsRoot(s_id),
            [BootScripts.Speculative] = BootScripts.GetSpeculativeRoot("debian", "02ab"),
        }, bootloader, "quiet");
        WaltBootScripts nfs = WaltBootScripts.Parse(scripts[BootScripts.Nfs]), speculative = WaltBootScripts.Parse(scripts[BootScripts.Speculative]);
        Assert.Equal((WaltRootFileSystem.Nfs, bootloader), (nfs.RootFileSystem, nfs.Bootloader));
        Assert.Equal((WaltRootFileSystem.Speculative, bootloader), (speculative.RootFileSystem, speculative.Bootloader));
        Assert.All(scripts.Values, s => Assert.StartsWith("#!ipxe\n", s, StringComparison.Ordinal));
        Assert.Contains("init=/bin/walt-init", scripts["start-generic-2.ipxe"], StringComparison.Ordinal);
    }

    [Fact]
    public void Mmdebstrap_is_asked_for_the_packages_and_the_kernel()
    {
        string[] words = [.. DebianTree.GetCommand(new LabImageRequest("x") { Packages = ["iperf3"], Mirror = "http://mirror/debian" }, "/t",
            "/h k.sh").Arguments];
        Assert.Contains(words, w => w.StartsWith("--include=", StringComparison.Ordinal) && w.EndsWith(",iperf3", StringComparison.Ordinal));
        Assert.Contains("--customize-hook=KERNEL=linux-image-cloud-amd64 sh '/h k.sh' \"$1\"", words);
        Assert.Equal(["bookworm", "/t", "http://mirror/debian"], words[^3..]);
    }

    [Fact]
    public void Programs_and_units_of_nodes_are_all_there()
    {
        Assert.All(GuestFiles.Programs.Concat(GuestFiles.Units).Append("init"), f => Assert.NotEmpty(GuestFiles.Read(f)));
        Assert.All(GuestFiles.Wanted, w => Assert.Contains(w.Unit, GuestFiles.Units));
    }
}
