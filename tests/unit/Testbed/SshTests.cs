using WaltG5k.Testbed;
using WaltG5k.Testbed.Ssh;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Testbed;

public class SshTests
{
    const string Server = "gros-4.nancy.grid5000.fr";
    const string Configuration = """{"network": {"walt-net": {"raw-device": "eno2", "ip": "192.168.204.1/22"}}}""";

    static SmallWorld CreateWorld(string environment, params string[] faults)
    {
        SmallWorld small = new(faults);
        small.AddJob("nancy", 4, "gros-4", "gros-1");
        small.World.NodeLife.Install(small.Node("gros-4"), environment);
        small.Node("gros-4").System = environment;
        return small;
    }

    static Task<SmallWorld.Run> SshAsync(SmallWorld small, string command, string input = "")
        => small.RunAsync("nancy", ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "root@" + Server, command], input, false, small.Limit);

    [Fact]
    public async Task Sets_a_WalT_server_up_from_its_own_environment()
    {
        await using SmallWorld small = CreateWorld("walt-server-10.0");
        Assert.Equal(0, (await SshAsync(small, "mkdir -p /etc/walt && tee /etc/walt/server.conf", Configuration)).Status);
        Assert.Equal("inactive", (await SshAsync(small, "systemctl is-active walt-server")).Lines[0]);

        SmallWorld.Run setup = await SshAsync(small, "walt-server-setup");

        Assert.Equal(0, setup.Status);
        Assert.InRange(setup.Seconds, 42, 49);
        Assert.Equal("active", (await SshAsync(small, "systemctl is-active walt-server")).Lines[0]);
        Assert.Contains((Server, 12345), small.World.Endpoints.Keys);
        Assert.Equal("eth1", small.Walt.Find(small.Node("gros-4"))!.Nic.Device);
    }

    [Fact]
    public async Task Sets_a_WalT_server_up_from_packages()
    {
        await using SmallWorld small = CreateWorld("debian12-min");
        Assert.Equal(127, (await SshAsync(small, "walt-server-setup")).Status);
        Assert.Equal(127, (await SshAsync(small, "/opt/walt-10.0/bin/pip install walt-server")).Status);
        Assert.Equal(1, (await SshAsync(small, "python3 -m venv /opt/walt-10.0")).Status);
        Assert.Equal(0, (await SshAsync(small, "apt-get update && apt-get install -y python3-venv")).Status);
        Assert.Equal(0, (await SshAsync(small, "python3 -m venv /opt/walt-10.0")).Status);
        Assert.Contains("gcc", (await SshAsync(small, "/opt/walt-10.0/bin/pip install walt-server walt-client")).Error, StringComparison.Ordinal);
        Assert.InRange((await SshAsync(small, "apt-get install -y gcc python3-dev libsmi2-dev")).Seconds, 57, 64);
        Assert.InRange((await SshAsync(small, "/opt/walt-10.0/bin/pip install walt-server walt-client")).Seconds, 85, 96);
        await SshAsync(small, "mkdir -p /etc/walt; cat > /etc/walt/server.conf", Configuration);
        Assert.Equal(0, (await SshAsync(small, "/opt/walt-10.0/bin/walt-server-setup")).Status);
        Assert.NotNull(small.Walt.Find(small.Node("gros-4")));
    }

    [Theory]
    [InlineData("{}", "invalid configuration")]
    [InlineData("nonsense", "invalid configuration")]
    [InlineData("""{"network": {"walt-net": {"raw-device": "eno9", "ip": "192.168.204.1/22"}}}""", "raw-device 'eno9' does not exist")]
    [InlineData("""{"network": {"walt-net": {"raw-device": "eno1", "ip": "192.168.204.1/22"}}}""", "already carries the default route")]
    [InlineData("""{"network": {"walt-net": {"raw-device": "eno2", "ip": "192.168.204.1"}}}""", "address/prefix")]
    public async Task Refuses_a_configuration_that_cannot_work(string configuration, string complaint)
    {
        await using SmallWorld small = CreateWorld("walt-server-10.0");
        SmallWorld.Run run = await SshAsync(small, "tee /etc/walt/server.conf >/dev/null && walt-server-setup", configuration);
        Assert.Equal(1, run.Status);
        Assert.Contains(complaint, run.Error, StringComparison.Ordinal);
        Assert.Null(small.Walt.Find(small.Node("gros-4")));
    }

    [Fact]
    public async Task A_set_up_may_fail_once()
    {
        await using SmallWorld small = CreateWorld("walt-server-10.0", "walt-setup-fails*1");
        await SshAsync(small, "tee /etc/walt/server.conf", Configuration);
        Assert.Equal(1, (await SshAsync(small, "walt-server-setup")).Status);
        Assert.Equal(0, (await SshAsync(small, "walt-server-setup")).Status);
    }

    [Fact]
    public async Task The_server_and_its_files_go_with_the_next_deployment_and_stay_over_a_reboot()
    {
        await using SmallWorld small = CreateWorld("walt-server-10.0");
        await SshAsync(small, "tee /etc/walt/server.conf", Configuration);
        await SshAsync(small, "walt-server-setup");
        Task<bool> reboot = small.World.NodeLife.HardReboot(small.Node("gros-4"));
        Assert.DoesNotContain((Server, 12345), small.World.Endpoints.Keys);
        await small.AwaitAsync(reboot);
        Assert.Contains((Server, 12345), small.World.Endpoints.Keys);

        await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Server);
        Assert.DoesNotContain((Server, 12345), small.World.Endpoints.Keys);
        Assert.Null(small.Walt.Find(small.Node("gros-4")));
        Assert.Equal("cat: /etc/walt/server.conf: No such file or directory", (await SshAsync(small, "cat /etc/walt/server.conf")).Error);
    }

    [Fact]
    public async Task Shows_by_links_which_image_a_node_gets()
    {
        await using SmallWorld small = CreateWorld("walt-server-10.0");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        string id = host.Images.Default.Id, mac = small.Node("gros-1").MainNic!.Mac;
        SmallWorld.Run run = await SshAsync(small,
            $"readlink /var/lib/walt/nodes/gros-1/fs /var/lib/walt/nodes/192.168.204.2/fs /var/lib/walt/nodes/{mac}/tftp");
        Assert.Equal([$"../../images/{id}/fs", $"../../images/{id}/fs", $"../../images/{id}/fs/boot/pc-x86-64"], run.Lines);
        Assert.Equal(1, (await SshAsync(small, "readlink /var/lib/walt/nodes/nobody/fs")).Status);
    }

    [Fact]
    public async Task From_the_server_to_its_booted_nodes()
    {
        await using SmallWorld small = CreateWorld("walt-server-10.0");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        Assert.Contains("No route to host", (await SshAsync(small, "ssh root@192.168.204.2 hostname")).Error, StringComparison.Ordinal);
        small.PutUp(host, "gros-1");
        Assert.Equal(["gros-1"], (await SshAsync(small, "ssh -o ConnectTimeout=10 root@192.168.204.2 'hostname && echo x > /root/f'")).Lines);
        Assert.Equal(["x"], (await SshAsync(small, "ssh root@192.168.204.2 cat /root/f")).Lines);
        Assert.Contains("root=/dev/nfs", (await SshAsync(small, "ssh root@192.168.204.2 cat /proc/cmdline")).Lines[0], StringComparison.Ordinal);
        Assert.Equal(3, (await SshAsync(small, "ssh root@192.168.204.2 'false || systemctl is-active walt-server'")).Status);
        small.PutUp(host, "gros-1");
        Assert.Equal(1, (await SshAsync(small, "ssh root@192.168.204.2 test -e /root/f")).Status);
    }

    [Fact]
    public async Task Without_the_HTTP_service_boot_files_come_by_TFTP_only()
    {
        await using SmallWorld small = CreateWorld("walt-server-10.0");
        WaltHost host = small.AddWaltServer(4, "gros-1");
        await SshAsync(small, "systemctl stop walt-server-httpd");
        Assert.False(host.ServesHttp);
        Assert.DoesNotContain((Server, 80), small.World.Endpoints.Keys);
        await SshAsync(small, "systemctl restart walt-server-httpd");
        Assert.Contains((Server, 80), small.World.Endpoints.Keys);
    }

    [Theory]
    [InlineData("nowhere.nancy.grid5000.fr", "root", "ssh: Could not resolve hostname nowhere.nancy.grid5000.fr: Name or service not known", 0)]
    [InlineData("gros-2.nancy.grid5000.fr", "root", "root@gros-2.nancy.grid5000.fr: Permission denied (publickey,password).", 0)]
    [InlineData(Server, "jdoe", "jdoe@gros-4.nancy.grid5000.fr: Permission denied (publickey,password).", 0)]
    [InlineData("gros-1.nancy.grid5000.fr", "root", "ssh: connect to host gros-1.nancy.grid5000.fr port 22: Connection timed out", 7)]
    [InlineData("gros-3.nancy.grid5000.fr", "root", "ssh: connect to host gros-3.nancy.grid5000.fr port 22: No route to host", 3)]
    public async Task Fails_with_255_where_there_is_no_way_in(string host, string user, string error, double seconds)
    {
        await using SmallWorld small = CreateWorld("debian12-min");
        small.Attach("gros-1", "eth0", "4");
        small.Node("gros-3").Power = NodePower.Dead;
        SmallWorld.Run run = await small.RunAsync("nancy", "ssh", "-oConnectTimeout=7", "-l", user, host, "true");
        Assert.Equal((255, error), (run.Status, run.Error));
        Assert.Equal(seconds, run.Seconds, 0.01);
    }

    [Theory]
    [InlineData("true && echo yes", 0, "yes")]
    [InlineData("false && echo no", 1, "")]
    [InlineData("false || echo 'it is'  \"so\" now\\;", 0, "it is so now;")]
    [InlineData("echo a; echo b", 0, "a\nb")]
    [InlineData("echo hello | cat", 0, "hello")]
    [InlineData("echo x > /tmp/f && cat < /tmp/f && rm -f /tmp/f && test ! -e /tmp/f || test -e /tmp/f", 1, "x")]
    [InlineData("echo 1 > a; mv a /tmp/; cp /tmp/a b; chmod 600 b; cat b /tmp/a", 0, "1\n1")]
    [InlineData("uname -r", 0, "6.1.0-31-amd64")]
    [InlineData("cat nothing 2>&1", 1, "cat: nothing: No such file or directory")]
    public async Task Understands_a_little_shell(string command, int status, string output)
    {
        await using SmallWorld small = CreateWorld("debian12-min");
        SmallWorld.Run run = await SshAsync(small, command);
        Assert.Equal((status, output), (run.Status, string.Join("\n", run.Blocks)));
    }

    [Theory]
    [InlineData("frobnicate --now", 127, "bash: line 1: frobnicate: command not found")]
    [InlineData("/opt/walt-10.0/bin/pip list", 127, "bash: line 1: /opt/walt-10.0/bin/pip: No such file or directory")]
    [InlineData("tee /nowhere/file", 1, "tee: /nowhere/file: No such file or directory")]
    [InlineData("echo 'open", 2, "bash: -c: line 1: unexpected EOF while looking for matching `''")]
    [InlineData("(true)", 2, "bash: -c: line 1: syntax error near unexpected token `('")]
    public async Task Fails_as_a_shell_does(string command, int status, string error)
    {
        await using SmallWorld small = CreateWorld("debian12-min");
        SmallWorld.Run run = await SshAsync(small, command);
        Assert.Equal((status, error), (run.Status, run.Error));
    }

    [Fact]
    public void Splits_words_as_POSIX_does()
    {
        ShellCommand command = Assert.Single(ShellSyntax.Parse("""tee 'a b'"c\"d"e\ f ''"""));
        Assert.Equal(["tee", "a bc\"de f", ""], command.Words);
    }
}
