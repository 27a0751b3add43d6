using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Frontends;

public class SshTargetTests
{
    [Theory]
    [InlineData("nancy.g5k", "nancy.g5k", null, null)]
    [InlineData("127.0.0.1:6700", "127.0.0.1", 6700, null)]
    [InlineData("jdoe@fnancy:22", "fnancy", 22, "jdoe")]
    [InlineData("[::1]:2222", "::1", 2222, null)]
    [InlineData("[fe80::1]", "fe80::1", null, null)]
    public void A_destination_is_read(string text, string host, int? port, string? user)
    {
        SshTarget target = SshTarget.Parse(text);
        Assert.Equal((host, port, user), (target.Host, target.Port, target.User));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":22")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:ssh")]
    [InlineData("@host")]
    [InlineData("-oProxyCommand=x")]
    [InlineData("a b")]
    public void What_is_no_destination_is_refused(string text) =>
        Assert.Equal("DestinationNotValid", Assert.Throws<G5kException>(() => SshTarget.Parse(text)).Code);

    [Fact]
    public void All_options_come_before_the_host()
    {
        var target = new SshTarget("nancy", 2222, "jdoe", "access.grid5000.fr", "/home/me/a config");
        Assert.Equal(["-F", "/home/me/a config", "-J", "jdoe@access.grid5000.fr", "-l", "jdoe", "-p", "2222"], target.Options);
        Assert.Equal("-F '/home/me/a config' -J jdoe@access.grid5000.fr -l jdoe -p 2222 nancy", target.ToString());
    }

    [Theory]
    [InlineData("hostname nancy.g5k\nuser jdoe\nproxyjump none", false)]
    [InlineData("hostname nancy\nuser jdoe", true)]
    [InlineData("hostname nancy.g5k\nproxycommand ssh access.grid5000.fr -W nancy:22", true)]
    [InlineData("hostname nancy.g5k\nproxyjump access.grid5000.fr", true)]
    public void A_name_that_means_something_to_ssh_is_known(string text, bool isConfigured) =>
        Assert.Equal(isConfigured, SshConfiguration.Parse(text).IsConfigured("nancy.g5k"));
}
