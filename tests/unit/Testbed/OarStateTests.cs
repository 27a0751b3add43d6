using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

public class OarStateTests
{
    [Fact]
    public async Task A_testbed_that_is_opened_again_has_the_same_jobs_and_goes_on_with_them()
    {
        var clock = new ManualTime(OarLab.Start);
        await using OarLab before = new OarLab([], clock: clock).Started();
        OarJob running = await before.SubmitAsync("-t", "deploy", "-n", "é\"ç", "-l",
            "{type='kavlan'}/vlan=1+{cluster='argon'}/nodes=2,walltime=0:10", "sleep 600");
        OarJob reservation = await before.SubmitAsync("-r", before.In(300), "-l", "nodes=1,walltime=1");
        OarJob deleted = await before.SubmitAsync("-l", "nodes=1,walltime=1", "true");
        before.Advance(10);
        await before.RunAsync("oardel", $"{deleted.Id}");
        before.Advance(10);
        JsonNode state = JsonNode.Parse(before.Part.Save()!.ToJsonString())!;
        JsonElement shown = await before.ShowAsync(running);
        await before.DisposeAsync();

        await using OarLab after = new OarLab([], clock: clock);
        after.Part.Load(state);
        after.Started();
        OarJob again = after.Arles.Jobs[running.Id];
        Assert.Equal(Canonical(shown), Canonical(await after.ShowAsync(again)));
        Assert.Same(after.World.Jobs[("arles", running.Id)], again);
        Assert.Equal(["argon-1.arles.grid5000.fr", "argon-10.arles.grid5000.fr"], again.Nodes.Select(n => n.Name));
        Assert.Equal("Error", after.Arles.Jobs[deleted.Id].State);
        Assert.Equal(deleted.Id + 1, (await after.SubmitAsync("-l", "nodes=1,walltime=1", "true")).Id);
        after.Advance(400);
        Assert.Equal("Running", after.Arles.Jobs[reservation.Id].State);
        after.Advance(400);
        Assert.Equal("Error", again.State);
        Assert.Equal("Running", running.State);
    }

    static IEnumerable<string> Canonical(JsonElement job) =>
        job.EnumerateObject().Where(p => p.Name != "events").Select(p => $"{p.Name}={p.Value.GetRawText()}").Order();

    [Fact]
    public async Task What_became_due_while_it_was_closed_happens_at_once()
    {
        await using OarLab before = new OarLab().Started();
        OarJob job = await before.SubmitAsync("-l", "nodes=1,walltime=0:10", "sleep 600");
        before.Advance(10);
        JsonNode state = before.Part.Save()!;
        await using OarLab after = new OarLab([], clock: new ManualTime(OarLab.Start.AddHours(1)));
        after.Part.Load(state);
        after.Started();
        after.Advance(5);
        Assert.Equal("Error", after.Arles.Jobs[job.Id].State);
    }

    [Fact]
    public async Task Other_peoples_jobs_make_a_fresh_site_live_and_are_the_same_for_the_same_seed()
    {
        static async Task<string> ListAsync()
        {
            await using OarLab lab = new OarLab([], background: 3).Started();
            lab.Advance(10);
            Assert.Equal(3, lab.Arles.OpenJobs.Count(j => j.State == "Running" && j.User != "jdoe"));
            return string.Join(' ', lab.Arles.Jobs.Values.Select(j => $"{j.User}:{j.Nodes[0].Name}:{j.Walltime}"));
        }
        Assert.Equal(await ListAsync(), await ListAsync());
        await using OarLab none = new OarLab().Started();
        Assert.Empty(none.Arles.Jobs);
    }

    [Fact]
    public async Task The_shared_model_of_a_job_follows_it()
    {
        await using OarLab lab = new OarLab().Started();
        int changes = 0;
        lab.World.Changed += () => changes++;
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "{type='kavlan'}/vlan=1+{cluster='argon'}/nodes=2,walltime=0:10", "sleep 600");
        JobModel model = lab.World.Jobs[("arles", job.Id)];
        lab.Advance(10);
        Assert.True(model.IsRunning);
        Assert.Equal((2, 1, "jdoe"), (model.Nodes.Count, model.Vlans.Count, model.User));
        Assert.Equal(["deploy"], model.Types);
        Assert.Equal((600, job.Progress.StartTime, "sleep 600"), (model.Details.Walltime, model.Details.StartedAt, model.Details.Command));
        Assert.True(changes > 2);
    }
}
