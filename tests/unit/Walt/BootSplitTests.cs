using WaltG5k.Core.Walt;

namespace WaltG5k.Tests.Walt;

public class BootSplitTests
{
    static readonly DateTimeOffset s_start = new(2026, 3, 24, 9, 0, 0, TimeSpan.Zero);

    static DateTimeOffset At(double seconds) => s_start.AddSeconds(seconds);

    static string Divide(BootMoments moments, bool kexec) => string.Join(", ", BootSplit.Divide(moments, kexec));

    [Fact]
    public void Kexec_by_all_that_was_seen() =>
        Assert.Equal("kernel 0.9 s, kexec 4.1 s, system 15.0 s", Divide(new(s_start, At(20)) { Files = (At(0.2), At(0.9)), Kernel = At(5) }, true));

    [Fact]
    public void Kexec_without_requests() => Assert.Equal("kernel+kexec 5.0 s, system 15.0 s", Divide(new(s_start, At(20)) { Kernel = At(5) }, true));

    [Fact]
    public void Kexec_without_the_node_s_clock() =>
        Assert.Equal("kernel 0.9 s, kexec+system 19.1 s", Divide(new(s_start, At(20)) { Files = (At(0.2), At(0.9)) }, true));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_seen_is_one_part(bool kexec) => Assert.Equal("boot 20.0 s", Divide(new(s_start, At(20)), kexec));

    [Fact]
    public void A_reset_by_all_that_was_seen() =>
        Assert.Equal("firmware 130.0 s, bootloader 35.0 s, system 35.0 s",
        Divide(new(s_start, At(200)) { Files = (At(130), At(164)), Kernel = At(165) }, false));

    [Fact]
    public void A_reset_whose_files_came_by_TFTP_is_estimated() =>
        Assert.Equal("firmware ~130.0 s, bootloader ~240.0 s, system 35.0 s", Divide(new(s_start, At(405)) { Kernel = At(370) }, false));

    [Fact]
    public void A_quick_firmware_is_not_estimated_beyond_what_there_was() =>
        Assert.Equal("firmware ~60.0 s, bootloader ~0.0 s, system 15.0 s", Divide(new(s_start, At(75)) { Kernel = At(60) }, false));

    [Fact]
    public void Moments_of_another_boot_are_left_out() =>
        Assert.Equal("boot 20.0 s", Divide(new(s_start, At(20)) { Files = (At(-60), At(-58)), Kernel = At(-50) }, true));
}
