using System.Text.Json;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Http;

namespace WaltG5k.Tests.Walt;

/// <summary>What boot scripts and log lines of WalT 10.0 say.</summary>
public class BootReadingTests
{
    [Theory]
    [InlineData(
        "set walt_fs_args root=/dev/nfs boot=walt nfsroot=a:/b,ro,vers=3\nchain http://${next-server}/boot/start-generic-2.ipxe || chain tftp://x/y",
        "Nfs, Http", 3)]
    [InlineData("root=/dev/nfs4 boot=walt\nchain tftp://x/y", "Nfs, Tftp", 4)]
    [InlineData("root=/dev/nbfs boot=walt nbfsroot=a:/b\nchain http://x/y", "Nbfs, Http", null)]
    [InlineData("#!ipxe\nboot", "?, Tftp", null)]
    public void Boot_scripts_tell_file_system_and_loader(string script, string expected, int? nfsVersion)
    {
        WaltBootScripts scripts = WaltBootScripts.Parse(script);
        Assert.Equal((expected, nfsVersion), (scripts.ToString(), scripts.NfsVersion));
    }

    [Theory]
    [InlineData("node dahu-5 is booted", "dahu-5", true, false)]
    [InlineData("node dahu-5 is down (cause: reboot requested, method: soft-reboot)", "dahu-5", false, true)]
    [InlineData("node dahu-5 is down (cause: unknown, note: server-detected disconnection)", "dahu-5", false, false)]
    [InlineData("dahu-5: boot timeout reached, trying hard-reboot (8 retries left).", null, false, false)]
    [InlineData("node is booted", null, false, false)]
    public void Log_lines_tell_nodes_that_come_and_go(string line, string? node, bool booted, bool soft)
    {
        using JsonDocument log = JsonDocument.Parse(
            JsonSerializer.Serialize(new { timestamp = 1774342800.25, line, issuer = "walt-server", stream = "platform.nodes" }));
        NodeEvent? read = NodeEvent.Read(log.RootElement);
        Assert.Equal(node, read?.Node);
        if (node is null) return;
        Assert.Equal((booted, soft, DateTimeOffset.FromUnixTimeMilliseconds(1774342800250)), (read!.IsBooted, read.IsSoftReboot, read.Date));
    }

    [Theory]
    [InlineData("""{"line": 3, "timestamp": 1}""")]
    [InlineData("""{"timestamp": 1}""")]
    [InlineData("""{"line": "node a is booted", "timestamp": "x"}""")]
    public void Log_lines_of_another_form_are_left_out(string json)
    {
        using JsonDocument log = JsonDocument.Parse(json);
        Assert.Null(NodeEvent.Read(log.RootElement));
    }
}
