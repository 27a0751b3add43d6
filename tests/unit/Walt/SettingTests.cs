using WaltG5k.Core;
using WaltG5k.Core.Walt.Settings;

namespace WaltG5k.Tests.Walt;

/// <summary>What each setting takes.</summary>
public sealed class SettingTests
{
    [Theory]
    [InlineData("kexec.allow", true, "true")]
    [InlineData("kexec.allow", "FALSE", "false")]
    [InlineData("boot.retries", 0, "0")]
    [InlineData("boot.timeout", 60, "60")]
    [InlineData("boot.timeout", "none", "none")]
    [InlineData("netsetup", "nat", "NAT")]
    [InlineData("expose", "80:8080,443:8443", "80:8080,443:8443")]
    [InlineData("expose", "none", "none")]
    [InlineData("ram", "384M", "384M")]
    [InlineData("cpu.cores", "2", "2")]
    [InlineData("disks", "32G,1T", "32G,1T")]
    [InlineData("boot.delay", "random", "random")]
    [InlineData("networks", "walt-net,ext-net[lat=8000us]", "walt-net,ext-net[lat=8000us]")]
    [InlineData("snmp.version", 2, "2")]
    [InlineData("KEXEC.allow", true, "true")]
    public void Values_are_given_as_the_server_takes_them(string name, object value, string sent) =>
        Assert.Equal(sent, WaltSetting.Get(name).Check(value));

    [Theory]
    [InlineData("kexec.allow", "maybe")]
    [InlineData("boot.retries", -1)]
    [InlineData("boot.timeout", 59)]
    [InlineData("boot.timeout", "")]
    [InlineData("netsetup", "WAN")]
    [InlineData("expose", "80:99999")]
    [InlineData("expose", "http")]
    [InlineData("ram", "384")]
    [InlineData("cpu.cores", 0)]
    [InlineData("disks", "big")]
    [InlineData("snmp.version", "3")]
    [InlineData("type", "node")]
    [InlineData("snmp.community", null)]
    public void Values_that_the_server_would_refuse_are_refused(string name, object? value)
    {
        G5kException failure = Assert.Throws<G5kException>(() => WaltSetting.Get(name).Check(value));
        Assert.Equal(("SettingInvalid", ErrorKind.InvalidArgument), (failure.Code, failure.Kind));
        Assert.Contains(WaltSetting.Get(name).Values, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_nearly_right_is_suggested()
    {
        G5kException failure = Assert.Throws<G5kException>(() => WaltSetting.Get("kexec.alow"));
        Assert.Equal("SettingUnknown", failure.Code);
        Assert.Contains("kexec.allow", failure.Recommendation, StringComparison.Ordinal);
    }
}
