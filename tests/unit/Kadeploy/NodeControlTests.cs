using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

/// <summary>Power, reboots, states and rights of nodes, against recorded output.</summary>
public sealed class NodeControlTests : IDisposable
{
    const string First = "gros-1.nancy.grid5000.fr", Second = "gros-2.nancy.grid5000.fr", Both = $"{First}\n{Second}\n";
    const string Version = "kadeploy3 -v", Soft = "kareboot3 simple -l soft -f -", Hard = "kareboot3 simple -l hard -f -";
    readonly ScriptedFrontend _frontend = new();
    readonly ManualTime _time = new();

    NodeControl Control => new(_frontend, _time);

    public void Dispose() => _frontend.Dispose();

    static NodeRebootRequest Request => new() { Nodes = [First, Second] };

    async Task<List<NodeOperationResult>> RebootAsync(NodeRebootRequest request, string version = "3.9.0")
    {
        _frontend.Expect(Version).Returns($"Kadeploy version: {version}\n");
        return await Control.RebootAsync(request).ToListAsync();
    }

    [Fact]
    public async Task A_node_that_does_not_come_back_is_a_result_of_its_own()
    {
        _frontend.Expect(Soft).ReturnsRecorded("kadeploy/reboot-partial-failure-v4.txt");
        List<NodeOperationResult> results = await RebootAsync(Request);
        Assert.Equal([(First, NodeOperationState.Succeeded, null), (Second, NodeOperationState.Failed, "Unreachable after the reboot")],
            results.Select(r => (r.Node, r.State, r.Reason)));
        Assert.Equal("Simple-wait_reboot", results[1].Step);
        Assert.All(results, r => Assert.Equal("R-df99156e-65a0-42b2-8d32-b0cbb5ad8e41", r.WorkflowId));
        Assert.Equal(Both, _frontend.Requests[1].Input);
    }

    [Fact]
    public async Task Only_those_that_failed_are_tried_again_and_then_harder()
    {
        _frontend.Expect(Soft).ReturnsRecorded("kadeploy/reboot-partial-failure-v4.txt");
        _frontend.Expect(Soft).Returns($"The reboot operation failed on nodes\n{Second} (Simple-wait_reboot: Unreachable after the reboot)\n");
        _frontend.Expect(Hard).Returns($"The reboot operation is successful on nodes\n{Second}\n");
        List<NodeOperationResult> results = await RebootAsync(Request with { Retries = 1, EscalateTo = NodeLevel.Hard });
        Assert.Equal([(First, NodeLevel.Soft, 1, true), (Second, NodeLevel.Hard, 3, true)],
            results.Select(r => (r.Node, r.Level, r.Attempts, r.IsSuccess)));
        Assert.Equal([Both, $"{Second}\n", $"{Second}\n"], _frontend.Requests.Skip(1).Select(r => r.Input));
    }

    [Fact]
    public async Task A_refusal_of_a_later_try_is_a_failure_of_the_nodes_that_are_left()
    {
        _frontend.Expect(Soft).ReturnsRecorded("kadeploy/reboot-partial-failure-v4.txt");
        _frontend.Expect(Hard).ReturnsRecorded("kadeploy/deploy-error-rights.txt");
        List<NodeOperationResult> results = await RebootAsync(Request with { EscalateTo = NodeLevel.Hard });
        Assert.Equal([NodeOperationState.Succeeded, NodeOperationState.Failed], results.Select(r => r.State));
        Assert.Contains("sufficient rights", results[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_the_request_is_an_error()
    {
        _frontend.Expect(Soft).ReturnsRecorded("kadeploy/deploy-error-rights.txt");
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() => RebootAsync(Request));
        Assert.Equal(ErrorKind.PermissionDenied, e.Kind);
    }

    [Theory]
    [InlineData("3.9.0", "kareboot3 recorded_env -l soft -e debian12-min -u deploy -p DEPLOY -f -")]
    [InlineData("3.3.11.stable", "kareboot3 -r recorded_env -l soft -e debian12-min -u deploy -p DEPLOY -f -")]
    public async Task The_kind_is_a_word_or_an_option_by_the_version(string version, string command)
    {
        _frontend.Expect(command).Returns($"The reboot operation is successful on nodes\n{First}\n{Second}\n");
        NodeRebootRequest request = Request with { Kind = RebootKind.RecordedEnvironment, Environment = "debian12-min", EnvironmentUser = "deploy",
            Partition = "DEPLOY" };
        Assert.All(await RebootAsync(request, version), r => Assert.True(r.IsSuccess));
    }

    [Fact]
    public async Task An_order_is_no_result()
    {
        _frontend.Expect("kareboot3 simple -l soft --no-wait --force -f -")
            .Returns("R-df99156e-65a0-42b2-8d32-b0cbb5ad8e41 /reboot/R-df99156e-65a0-42b2-8d32-b0cbb5ad8e41/\n");
        List<NodeOperationResult> results = await RebootAsync(Request with { Waits = false, Force = true });
        Assert.All(results, r => Assert.Equal((NodeOperationState.Ordered, "R-df99156e-65a0-42b2-8d32-b0cbb5ad8e41"), (r.State, r.WorkflowId)));
    }

    [Fact]
    public async Task There_is_no_soft_way_on()
    {
        _frontend.Expect("kapower3 --on -l hard -f -").Returns($"The power operation is successful on nodes\n{First}\n");
        NodeOperationResult result = Assert.Single(
            await Control.SetPowerAsync(new NodePowerRequest { Nodes = [First], IsOn = true, Level = NodeLevel.Soft }).ToListAsync());
        Assert.Equal(("PowerOn", NodeLevel.Hard, true), (result.Operation, result.Level, result.IsSuccess));
    }

    [Fact]
    public async Task The_power_of_each_node()
    {
        _frontend.Expect("kapower3 --status -f -").ReturnsRecorded("kadeploy/power-status.txt");
        IReadOnlyList<NodePower> states = await Control.GetPowerAsync([First, Second, "gros-3.nancy.grid5000.fr"]);
        Assert.Equal([NodePowerState.Off, NodePowerState.On, NodePowerState.Unknown], states.Select(s => s.State));
        Assert.NotNull(states[2].Reason);
    }

    [Fact]
    public async Task The_state_of_each_node()
    {
        _frontend.Expect("kanodes3 -s").ReturnsRecorded("kadeploy/kanodes-states.txt");
        IReadOnlyList<G5kNodeState> states = await Control.GetStatesAsync([]);
        Assert.Equal(
            [NodeKadeployState.DeployFailed, NodeKadeployState.Deployed, NodeKadeployState.Powered, NodeKadeployState.Powered,
            NodeKadeployState.Deployed, NodeKadeployState.Aborted],
            states.Select(s => s.State));
        Assert.Equal(("jdoe", "debian12-min", 2024031415L, "root"),
            (states[0].User, states[0].Environment, states[0].EnvironmentVersion, states[0].EnvironmentUser));
        Assert.Equal(("jdoe", null, null, null), (states[5].User, states[5].Environment, states[5].EnvironmentVersion, states[5].EnvironmentUser));
    }

    [Fact]
    public async Task A_node_that_nobody_has_deployed_has_only_its_name()
    {
        _frontend.Expect("kanodes3 -s -f -").Returns(
            $"---\n{Second}:\n{First}:\n  state: deploying\n  user: jdoe\n  environment:\n    name: a:b\n    version: 7\n    user:\n");
        IReadOnlyList<G5kNodeState> states = await Control.GetStatesAsync([First, Second]);
        Assert.Equal((NodeKadeployState.Deploying, "Deployment", "a:b", 7L),
            (states[0].State, states[0].Operation, states[0].Environment, states[0].EnvironmentVersion));
        Assert.Equal((NodeKadeployState.Unknown, null), (states[1].State, states[1].User));
    }

    [Fact]
    public async Task Rights()
    {
        _frontend.Expect("karights3 -l").Returns(
            $"User                 Node                                     Partitions\n####################################\njdoe                 {First}                 *\nasmith {Second} /dev/sda3, /dev/sda5\n");
        Assert.Equal([new("jdoe", First, "*"), new("asmith", Second, "/dev/sda3,/dev/sda5")], await Control.GetRightsAsync([]));
        _frontend.Expect("karights3 -l").Returns("No rights have been given\n");
        Assert.Empty(await Control.GetRightsAsync([First]));
    }
}
