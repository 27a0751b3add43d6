using WaltG5k.Core.Execution;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Oar;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Execution;

/// <summary>Nodes of the embedded testbed, one ssh per command.</summary>
public sealed class ExecutorOnTestbedTests
{
    [Fact]
    public async Task Commands_run_on_deployed_nodes_and_the_others_say_why_not()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        var oar = new OarClient(grid.GetFrontend("nancy"), grid.Time);
        OarSubmission submission = await oar.SubmitAsync(
            new OarJobRequest { Resources = "{cluster='gros'}/nodes=3", Walltime = Walltime.Parse("1"), Types = ["deploy"], Name = "x",
            Start = grid.Time.GetUtcNow().AddMinutes(2) });
        OarJob job = await oar.WaitRunningAsync(submission.JobId, TimeSpan.FromMinutes(10));
        await new KadeployClient(grid.GetFrontend("nancy"))
            .DeployAsync(new KadeployRequest { Nodes = [.. job.Nodes.Take(2)], Environment = "debian12-min" });

        await using var executor = new NodeExecutor(grid);
        NodeTarget[] targets = [.. job.Nodes.Select(n => new NodeTarget(n, "nancy") { User = "root" }),
            new("nothing-1.nancy.grid5000.fr", "nancy") { User = "root" }];
        NodeCommand command = NodeCommand.Script("echo 'it is' {{index}}; cat; echo bad >&2; exit 255") with { IsTemplate = true, Input = "in\n",
            Environment = new Dictionary<string, string> { ["A"] = "b c" } };
        IReadOnlyList<NodeCommandResult> results = await executor.RunAllAsync(targets, command);
        Assert.Equal([NodeCommandState.Failed, NodeCommandState.Failed, NodeCommandState.AuthenticationFailed, NodeCommandState.Unreachable],
            results.Select(r => r.State));
        Assert.Equal((255, "it is 1\nin\n", "bad\n"), (results[1].ExitStatus, results[1].Output, results[1].Error));
        Assert.True(results[0].ConnectTime > TimeSpan.Zero);

        results = await executor.RunAllAsync([targets[0]], NodeCommand.Program("sleep", "100"),
            new NodeExecutionOptions { Timeout = TimeSpan.FromSeconds(5) });
        Assert.Equal(NodeCommandState.TimedOut, Assert.Single(results).State);
        Assert.Equal(NodeCommandState.Succeeded, Assert.Single(await executor.RunAllAsync([targets[0]], NodeCommand.Program("true"))).State);
    }
}
