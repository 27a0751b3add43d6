using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;
using WaltG5k.Tests.Deployments;
using WaltG5k.Tests.Testbed;

namespace WaltG5k.Tests.Walt;

/// <summary>Work on nodes through the testbed's WalT server: what its shells, its consoles and its faults do.</summary>
public sealed class EmulatedNodeTests
{
    static async Task WithServerAsync(Func<Platform, WaltServer, IReadOnlyList<WaltNodeInfo>, Task> test, params string[] faults)
    {
        await using Platform platform = await Platform.OpenAsync(faults);
        DeploymentInfo info = await platform.DeployAsync(Platform.OneSite());
        Platform.AssertState(DeploymentState.Ready, info);
        await using WaltServer server = platform.Service.OpenServer(info);
        await test(platform, server, await server.GetNodesAsync(platform.Limit));
    }

    static async Task<IReadOnlyDictionary<string, NodeCommandResult>> RunAsync(Platform platform, WaltServer server,
        IReadOnlyList<WaltNodeInfo> nodes, string script, NodeExecutionOptions? options = null)
    {
        await using NodeExecutor executor = new(_ => server.Shell, server.Time);
        return (await executor.RunAllAsync([.. nodes.Select(WaltServer.GetTarget)], NodeCommand.Script(script), options, null, platform.Limit))
            .ToDictionary(r => r.Name);
    }

    [Fact]
    public Task A_shell_on_a_node_talks_over_the_terminal() => WithServerAsync(async (platform, server, nodes) =>
    {
        ScriptedTerminal terminal = new("hostname", "cat /nowhere", "exit 3");
        NodeGate gate = server.Shell.Gate;
        int status = await gate.Runner.RunInteractiveAsync(new CommandRequest([.. gate.Ssh, "-tt", "--", $"root@{nodes[0].Ip}"]), terminal,
            platform.Limit);
        Assert.Equal(3, status);
        Assert.Contains($"root@{nodes[0].Name}:~# ", terminal.Screen, StringComparison.Ordinal);
        Assert.Contains($"\n{nodes[0].Name}\n", "\n" + terminal.Screen.Replace($"root@{nodes[0].Name}:~# ", "\n", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Contains("No such file", terminal.Screen, StringComparison.Ordinal);
    });

    [Fact]
    public Task Nodes_that_are_busy_hang_or_are_slow_fail_each_in_its_way_and_the_rest_goes_on() => WithServerAsync(async (platform, server, nodes) =>
    {
        IReadOnlyDictionary<string, NodeCommandResult> results = await RunAsync(platform, server, nodes, "hostname");
        NodeCommandResult[] failed = [.. results.Values.Where(r => !r.IsSuccess)];
        Assert.Equal(NodeCommandState.Unreachable, Assert.Single(failed).State);
        Assert.All(results.Values.Except(failed), r => Assert.Equal(r.Name + "\n", r.Output));
        Assert.Contains(results.Values, r => r.IsSuccess && r.ConnectTime > TimeSpan.FromSeconds(5));
    }, "node-hangs*1", "node-slow*1=6");

    [Fact]
    public Task A_node_that_drops_connections_for_a_while_is_tried_again() => WithServerAsync(async (platform, server, nodes) =>
    {
        IReadOnlyDictionary<string, NodeCommandResult> results = await RunAsync(platform, server, nodes, "whoami");
        Assert.All(results.Values, r => Assert.Equal((NodeCommandState.Succeeded, "root\n"), (r.State, r.Output)));
        Assert.Contains(results.Values, r => r.Attempts > 1);
    }, "node-busy*2");

    [Fact]
    public Task The_kernel_is_that_of_the_image_that_was_booted_not_of_the_next() => WithServerAsync(async (platform, server, nodes) =>
    {
        await server.SetImageAsync([nodes[0].Name], "alpine", platform.Limit);
        await Task.Delay(TimeSpan.FromMinutes(1), platform.Grid.Time, platform.Limit);
        Assert.Equal("6.1.0-31-amd64\n", (await RunAsync(platform, server, [nodes[0]], "uname -r"))[nodes[0].Name].Output);
        await server.RebootAsync([nodes[0].Name], hardOnly: false, "image change", platform.Limit);
        Assert.Single(await server.WaitBootedAsync([nodes[0].Name], TimeSpan.FromMinutes(5), null, platform.Limit));
        Assert.Equal("6.12.31-0-lts\n", (await RunAsync(platform, server, [nodes[0]], "uname -r"))[nodes[0].Name].Output);
    });

    [Fact]
    public Task The_console_of_a_virtual_node_answers() => WithServerAsync(async (platform, server, _) =>
    {
        await server.CreateVirtualNodeAsync("console1", platform.Limit);
        await server.WaitBootedAsync(["console1"], TimeSpan.FromMinutes(2), null, platform.Limit);
        WaltNodeInfo node = (await server.GetNodesAsync(platform.Limit)).Single(n => n.IsVirtual);
        NodeConsole console = new(server, node);
        Assert.Contains(await console.ReadAsync(platform.Limit), l => l.Contains("console1 login", StringComparison.Ordinal));
        await server.SendConsoleInputAsync(node, "uptime\n"u8.ToArray(), platform.Limit);
        Assert.Contains("uptime", await console.ReadAsync(platform.Limit));
        await server.RemoveVirtualNodeAsync("console1", platform.Limit);
    });

    [Fact]
    public Task Without_a_hypervisor_there_are_no_virtual_nodes() => WithServerAsync(async (platform, server, _) =>
    {
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => server.CreateVirtualNodeAsync("vain1", platform.Limit));
        Assert.Equal(("VirtualNodeNotCreated", ErrorKind.InvalidOperation), (error.Code, error.Kind));
        Assert.Contains("/dev/kvm", error.Message, StringComparison.Ordinal);
    }, "walt-no-hypervisor");

    [Fact]
    public Task Clones_of_default_images_are_named_node_by_node() => WithServerAsync(async (platform, server, nodes) =>
    {
        IReadOnlyDictionary<string, string> images = await server.CloneDefaultImagesAsync([nodes[0].Name, nodes[1].Name], platform.Limit);
        Assert.Equal([nodes[0].Name, nodes[1].Name], images.Keys.Order(StringComparer.Ordinal));
        Assert.All(images.Values, i => Assert.Equal("pc-x86-64-default", i));
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => server.GetOwnershipAsync(["nobody"], platform.Limit));
        Assert.Equal("WaltNodeNotFound", error.Code);
    });
}
