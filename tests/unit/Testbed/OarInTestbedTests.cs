using WaltG5k.Core.Oar;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Oar;

namespace WaltG5k.Tests.Testbed;

/// <summary>The emulated OAR in a whole testbed whose clock jumps, through the module's own client.</summary>
public class OarInTestbedTests
{
    static OarJobRequest Request(TestbedGrid grid) => new()
    {
        Resources = OarResources.Join(OarResources.Vlan("kavlan-global"), OarResources.Nodes(2, "cluster='gros'")),
        Walltime = new Walltime(TimeSpan.FromHours(1)),
        Start = grid.Time.GetUtcNow().AddMinutes(10),
        Name = "test",
        Types = ["deploy"],
    };

    [Fact]
    public async Task A_reservation_is_made_waited_for_and_released()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        var client = new OarClient(grid.GetFrontend("nancy"), grid.Time);
        OarSubmission submission = await client.SubmitAsync(Request(grid));
        OarJob running = await client.WaitRunningAsync(submission.JobId, TimeSpan.FromMinutes(20));
        Assert.Equal(2, running.Nodes.Count);
        Assert.Single(await client.FindJobsAsync(grid.User, "test"));
        // Nobody waits for anything: the job does not run to its end meanwhile.
        await Task.Delay(300);
        Assert.True(grid.World.Jobs[("nancy", submission.JobId)].IsRunning);
        Assert.True(await client.DeleteAsync(submission.JobId));
        await Task.Delay(TimeSpan.FromMinutes(1), grid.Time);
        Assert.Equal("Error", grid.World.Jobs[("nancy", submission.JobId)].State);
    }

    [Fact]
    public async Task Waiting_jobs_show_where_they_will_run()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        var client = new OarClient(grid.GetFrontend("nancy"), grid.Time);
        OarSubmission submission = await client.SubmitAsync(Request(grid));
        JobModel job = grid.World.Jobs[("nancy", submission.JobId)];
        Assert.Equal(("Waiting", 2, 1), (job.State, job.Nodes.Count, job.Vlans.Count));
        // oarstat, though, shows what a job has, not what it will have.
        Assert.Empty((await client.GetJobAsync(submission.JobId))!.Nodes);
        Assert.Equal(submission.JobId, grid.World.Parts.OfType<OarPart>().Single().Servers["nancy"].NextJobId - 1);
    }
}
