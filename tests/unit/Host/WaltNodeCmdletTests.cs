using System.Management.Automation;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

/// <summary>A platform with four nodes, for all the tests of a class.</summary>
public sealed class WaltNodePlatform : IDisposable
{
    readonly HostSession _session = new(new HostOptions { Variables = new Dictionary<string, object?> { ["ConfirmPreference"] = "None" } });

    public WaltNodePlatform()
    {
        Run<object>("Connect-G5k -Testbed -Speed 0 -Force");
        Run<object>("New-G5kReservation -Site nancy -Nodes 4 -ServerNode -Vlan Local -Walltime 100 | New-WaltDeployment | Wait-WaltDeployment");
        Nodes = [.. Run<WaltNodeInfo>("Get-WaltNode").Select(n => n.Name)];
    }

    public IReadOnlyList<string> Nodes { get; }

    public HostResult Invoke(string pipeline) => _session.Invoke(pipeline);

    public IReadOnlyList<T> Run<T>(string pipeline)
    {
        HostResult result = _session.Invoke(pipeline);
        Assert.True(result.Errors.Count == 0, $"{pipeline}: {string.Join("; ", result.Errors)}");
        return [.. result.Objects.Cast<T>()];
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>The node cmdlets in real pipelines on the embedded testbed.</summary>
public sealed class WaltNodeCmdletTests(WaltNodePlatform platform) : IClassFixture<WaltNodePlatform>
{
    string First => platform.Nodes[0];
    string Second => platform.Nodes[1];

    IReadOnlyList<T> Run<T>(string pipeline) => platform.Run<T>(pipeline);

    ErrorRecord Fail(string pipeline, string id, ErrorCategory category)
    {
        ErrorRecord error = Assert.Single(platform.Invoke(pipeline).Errors);
        Assert.StartsWith($"{id},", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.NotNull(error.TargetObject);
        Assert.NotEmpty(error.ErrorDetails!.RecommendedAction);
        return error;
    }

    [Fact]
    public void Nodes_boot_an_image_are_awaited_and_tell_its_kernel()
    {
        IReadOnlyList<NodeCommandResult> results =
            Run<NodeCommandResult>("Get-WaltNode | Invoke-WaltNodeBoot -Image debian12-rt | Wait-WaltNode | Invoke-WaltNodeCommand 'uname -r'");
        Assert.Equal(platform.Nodes, results.Select(r => r.Name).Order(StringComparer.Ordinal));
        Assert.All(results, r => Assert.Equal((NodeCommandState.Succeeded, 0, "6.1.0-31-rt-amd64\n", ""),
            (r.State, r.ExitStatus, r.Output, r.Error)));
    }

    [Fact]
    public void Each_node_has_its_own_status_output_and_error()
    {
        NodeCommandResult result = Assert.Single(
            platform.Invoke($"Invoke-WaltNodeCommand 'hostname; cat /nowhere; exit 7' -Node {First}").Objects.Cast<NodeCommandResult>());
        Assert.Equal((NodeCommandState.Failed, 7, First + "\n"), (result.State, result.ExitStatus, result.Output));
        Assert.Contains("No such file", result.Error, StringComparison.Ordinal);
        Fail($"Invoke-WaltNodeCommand 'exit 7' -Node {First}", "NodeCommandFailed", ErrorCategory.ResourceUnavailable);
    }

    [Fact]
    public void Words_are_never_read_by_a_shell()
    {
        NodeCommandResult result = Assert.Single(Run<NodeCommandResult>($"Invoke-WaltNodeCommand echo,'a  b; exit 3' -Node {First}"));
        Assert.Equal("a  b; exit 3\n", result.Output);
    }

    [Fact]
    public void Input_reaches_the_command() =>
        Assert.Equal("hello", Assert.Single(Run<NodeCommandResult>($"Invoke-WaltNodeCommand cat -Input hello -Node {First}")).Output.TrimEnd());

    [Fact]
    public void A_script_of_this_machine_runs_there()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sh");
        File.WriteAllText(path, "#!/bin/sh\nhostname\nwhoami\n");
        try { Assert.Equal($"{First}\nroot\n", Assert.Single(
            Run<NodeCommandResult>($"Invoke-WaltNodeCommand -FilePath '{path}' -Node {First}")).Output); }
        finally { File.Delete(path); }
        ErrorRecord error = Assert.Single(platform.Invoke($"Invoke-WaltNodeCommand -FilePath '{path}' -Node {First}").Errors);
        Assert.StartsWith("NodeScriptNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_results_fold_by_node_set()
    {
        NodeCommandFold fold = Assert.Single(Run<NodeCommandFold>("Get-WaltNode | Invoke-WaltNodeCommand whoami -Fold"));
        Assert.Equal((4, "root\n"), (fold.Count, fold.Output));
        Assert.Equal(4, Run<NodeCommandFold>("Get-WaltNode | Invoke-WaltNodeCommand hostname -Fold").Count);
    }

    [Fact]
    public void A_command_that_takes_too_long_is_ended() =>
        Fail($"Invoke-WaltNodeCommand 'sleep 300' -Timeout 5 -Node {First}", "NodeCommandTimeout", ErrorCategory.OperationTimeout);

    [Fact]
    public void Nodes_are_found_by_set_word_filter_and_wildcard()
    {
        Assert.Equal(4, Run<WaltNodeInfo>("Get-WaltNode my-nodes").Count);
        Assert.Equal(4, Run<WaltNodeInfo>("Get-WaltNode -Mine").Count);
        Assert.Empty(Run<WaltNodeInfo>("Get-WaltNode -Free"));
        Assert.Empty(Run<WaltNodeInfo>("Get-WaltNode free-nodes"));
        Assert.Equal(4, Run<WaltNodeInfo>("Get-WaltNode all-nodes -Model pc-*").Count);
        Assert.Empty(Run<WaltNodeInfo>("Get-WaltNode -Model rpi-*"));
        Assert.Equal(First, Assert.Single(Run<WaltNodeInfo>($"Get-WaltNode {First} -All")).Name);
        Fail($"Get-WaltNode nobody", "WaltNodeNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public void A_node_is_released_seen_as_free_and_acquired_again()
    {
        Assert.Null(Assert.Single(Run<WaltNodeInfo>($"Unlock-WaltNode {Second} -Wait -PassThru | Get-WaltNode -Free")).Owner);
        Assert.Single(Run<NodeCommandResult>($"Invoke-WaltNodeCommand hostname -Node {Second}"));
        Assert.Equal("walt-g5k", Assert.Single(Run<WaltNodeInfo>($"Lock-WaltNode {Second} -Wait -PassThru | Get-WaltNode -Mine")).Owner);
    }

    [Fact]
    public void Nodes_of_somebody_else_are_refused()
    {
        string server = Run<Core.Deployments.DeploymentInfo>("Get-WaltDeployment")[0].Server!;
        Run<object>($"Connect-WaltServer {server} -UserName mallory");
        try
        {
            Fail($"Invoke-WaltNodeCommand hostname -Node {First}", "NodeNotOwned", ErrorCategory.PermissionDenied);
            Fail($"Restart-WaltNode {First}", "NodeNotOwned", ErrorCategory.PermissionDenied);
            Fail($"Lock-WaltNode {First}", "NodeNotOwned", ErrorCategory.PermissionDenied);
            Fail($"Unlock-WaltNode {First}", "NodeNotOwned", ErrorCategory.PermissionDenied);
            Fail($"Rename-WaltNode {First} other", "NodeNotOwned", ErrorCategory.PermissionDenied);
            Assert.Equal(First + "\n", Assert.Single(Run<NodeCommandResult>($"Invoke-WaltNodeCommand hostname -Node {First} -Force")).Output);
        }
        finally { Run<object>("Disconnect-WaltServer"); }
    }

    [Fact]
    public void A_node_reboots_and_is_up_again()
    {
        Run<object>($"Invoke-WaltNodeCommand 'echo x > /root/kept' -Node {First}");
        Assert.True(Assert.Single(Run<WaltNodeInfo>($"Restart-WaltNode {First} -Wait -PassThru")).IsBooted);
        // What a node writes is in its memory.
        Assert.Equal(1, Assert.Single(platform.Invoke(
            $"Invoke-WaltNodeCommand 'test -f /root/kept' -Node {First}").Objects.Cast<NodeCommandResult>()).ExitStatus);
    }

    [Fact]
    public void A_node_gets_another_name()
    {
        Assert.Equal("renamed", Assert.Single(Run<WaltNodeInfo>($"Rename-WaltNode {Second} renamed -PassThru")).Name);
        Fail($"Rename-WaltNode renamed {First}", "DeviceExists", ErrorCategory.ResourceExists);
        Fail("Rename-WaltNode renamed 1x", "DeviceNameInvalid", ErrorCategory.InvalidArgument);
        Run<object>($"Rename-WaltNode renamed {Second}");
    }

    [Fact]
    public void A_ping_tells_whether_a_node_answers() => Assert.Equal([true, true, true, true], Run<bool>("Get-WaltNode | Test-WaltNode"));

    [Fact]
    public void Only_images_with_a_program_for_it_blink()
    {
        Fail($"Invoke-WaltNodeBlink {First} 5", "NodeNotBlinking", ErrorCategory.ResourceUnavailable);
        Run<object>($"Invoke-WaltNodeCommand 'echo x > /bin/blink' -Node {First}");
        Run<object>($"Invoke-WaltNodeBlink {First} -Seconds 5");
    }

    [Fact]
    public void A_virtual_node_is_made_boots_and_is_removed()
    {
        WaltNodeInfo made = Assert.Single(Run<WaltNodeInfo>("New-WaltVirtualNode vnode1"));
        Assert.True(made.IsVirtual);
        Assert.Equal("vnode1\n", Assert.Single(Run<NodeCommandResult>(
            "Get-WaltNode -Virtual | Wait-WaltNode | Invoke-WaltNodeCommand hostname")).Output);
        Fail("New-WaltVirtualNode vnode_1", "DeviceNameInvalid", ErrorCategory.InvalidArgument);
        Fail("New-WaltVirtualNode vnode1", "VirtualNodeNotCreated", ErrorCategory.InvalidArgument);
        Assert.True(Assert.Single(Run<WaltNodeInfo>("Restart-WaltNode vnode1 -Wait -PassThru")).IsBooted);
        Run<object>("Remove-WaltVirtualNode vnode1");
        Fail($"Remove-WaltVirtualNode {First}", "NodeNotVirtual", ErrorCategory.InvalidOperation);
        Assert.Empty(Run<WaltNodeInfo>("Get-WaltNode -Virtual"));
    }

    [Fact]
    public void Files_and_folders_are_copied_both_ways()
    {
        string folder = Directory.CreateTempSubdirectory("waltg5k-copy-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "data", "inner"));
            File.WriteAllText(Path.Combine(folder, "data", "a.txt"), "first\n");
            byte[] bytes = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];
            File.WriteAllBytes(Path.Combine(folder, "data", "inner", "b.bin"), bytes);
            IReadOnlyList<WaltCopyResult> sent = Run<WaltCopyResult>($"Get-WaltNode | Copy-WaltNodeItem '{folder}/data' /root/in");
            Assert.Equal(4, sent.Count);
            Assert.All(sent, r => Assert.Equal((2, 262L, null), (r.FileCount, r.Length, r.Error)));
            Assert.Equal("first\n", Assert.Single(Run<NodeCommandResult>($"Invoke-WaltNodeCommand 'cat /root/in/data/a.txt' -Node {First}")).Output);

            Run<object>($"Copy-WaltNodeItem /root/in/data '{folder}/one' -FromNode {First}");
            Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder, "one", "data", "inner", "b.bin")));
            Assert.Equal(2, Run<WaltCopyResult>($"Copy-WaltNodeItem /root/in/data/a.txt '{folder}/all' -FromNode {First},{Second}").Count);
            Assert.Equal("first\n", File.ReadAllText(Path.Combine(folder, "all", Second, "a.txt")));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Fact]
    public void A_copy_of_nothing_is_an_error()
    {
        Fail($"Copy-WaltNodeItem /nowhere/x . -FromNode {First}", "NodeItemNotFound", ErrorCategory.ObjectNotFound);
        Fail($"Copy-WaltNodeItem ./no-such-file /root -ToNode {First}", "LocalItemNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task A_port_of_a_node_is_open_here_until_it_is_removed()
    {
        WaltPortForward forward = Assert.Single(Run<WaltPortForward>($"New-WaltPortForward {First} 12346"));
        Assert.Equal(forward, Assert.Single(Run<WaltPortForward>("Get-WaltPortForward")));
        using (System.Net.Sockets.TcpClient client = new())
        {
            await client.ConnectAsync(System.Net.IPAddress.Loopback, forward.LocalPort);
            using Stream stream = client.GetStream();
            await stream.WriteAsync("MODE single\nPING\n"u8.ToArray());
            using StreamReader reader = new(stream);
            Assert.Equal("OK", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        }
        Assert.Equal((1, 17L), (forward.ConnectionCount, forward.BytesSent));
        Run<object>("Get-WaltPortForward | Remove-WaltPortForward");
        Assert.False(forward.IsOpen);
        Assert.Empty(Run<WaltPortForward>("Get-WaltPortForward"));
        Fail($"New-WaltPortForward {First} 80", "NodePortUnreachable", ErrorCategory.ConnectionError);
        Fail("Remove-WaltPortForward 1", "PortForwardNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public void Only_virtual_nodes_have_a_console_to_enter()
    {
        Fail($"Enter-WaltNodeConsole {First}", "NodeNotVirtual", ErrorCategory.InvalidOperation);
    }

    [Fact]
    public void Settings_are_checked_before_they_are_sent()
    {
        Run<object>($"Set-WaltNodeConfiguration {First} -Setting kexec.allow=false,boot.timeout=none");
        WaltDeviceConfiguration settings = Assert.Single(Run<WaltDeviceConfiguration>($"Get-WaltNodeConfiguration {First}"));
        Assert.Equal(("false", "none"), (settings.Settings["kexec.allow"], settings.Settings["boot.timeout"]));
        Assert.NotEmpty(platform.Invoke($"Set-WaltNodeConfiguration {First} -Setting boot.timeout=7").Errors);
        Fail($"Set-WaltNodeConfiguration {First} -Setting ram=2G", "SettingNotApplicable", ErrorCategory.InvalidArgument);
        Assert.Equal("true", Assert.Single(Run<WaltDeviceConfiguration>(
            $"Set-WaltNodeConfiguration {First} -Setting kexec.allow=true,boot.timeout=180 -PassThru")).Settings["kexec.allow"]);
    }

    [Fact]
    public void A_node_is_saved_as_an_image_that_others_boot()
    {
        Run<object>($"Invoke-WaltNodeCommand 'echo prepared > /etc/motd' -Node {First}");
        Assert.Equal("kept", Assert.Single(Run<WaltImageInfo>($"Save-WaltNodeImage {First} kept")).Name);
        Assert.Single(Run<WaltImageInfo>("Get-WaltImage kept"));
        Fail($"Save-WaltNodeImage {First},{Second} both", "OneNodeOnly", ErrorCategory.InvalidArgument);
        Assert.Equal("kept", Assert.Single(Run<WaltImageInfo>($"Save-WaltNodeImage {First} kept -Force")).Name);
    }
}
