using WaltG5k.Core.Oar;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Oar;

/// <summary>oarwalltime accepts first and decides later.</summary>
[Collection(LabCollection.Name)]
public class WalltimeTests(OarLab lab)
{
    static readonly TimeSpan s_wait = TimeSpan.FromSeconds(15);

    [LabFact]
    public async Task More_time_is_granted_where_nobody_is_in_the_way()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob job = await test.StartAsync(OarTest.Job("longer"));
        OarWalltimeStatus status = await test.Oar.ChangeWalltimeAsync(job.Id, new OarWalltimeWish { Change = "+0:10" }, s_wait, test.Limit);
        Assert.Equal((OarWalltimeOutcome.Granted, TimeSpan.FromMinutes(30), TimeSpan.Zero), (status.Outcome, status.Walltime, status.Pending));
        OarJob after = await test.GetAsync(job.Id);
        Assert.Equal(TimeSpan.FromMinutes(30), after.Walltime);
        Assert.Equal(OarJobEnd.None, after.End);

        status = await test.Oar.ChangeWalltimeAsync(job.Id, new OarWalltimeWish { Change = "-0:15" }, s_wait, test.Limit);
        Assert.Equal(TimeSpan.FromMinutes(15), status.Walltime);
    }

    [LabTheory]
    [InlineData("ambre-2", 30, OarWalltimeOutcome.PartlyGranted)]
    [InlineData("ambre-3", 20, OarWalltimeOutcome.Pending)]
    public async Task Only_as_much_is_granted_as_the_next_job_leaves(string host, int minutes, OarWalltimeOutcome outcome)
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        string node = $"{{host='{host}.arles.grid5000.fr'}}/nodes=1";
        OarJob job = await test.StartAsync(OarTest.Job("before", node));
        // Between two jobs OAR leaves two seconds here.
        await test.SubmitAsync(OarTest.Job("behind", node, command: null) with { Start = job.StartedAt!.Value.AddMinutes(minutes).AddSeconds(2) });
        OarWalltimeStatus status = await test.Oar.ChangeWalltimeAsync(job.Id, new OarWalltimeWish { Change = "+1:00" }, s_wait, test.Limit);
        Assert.Equal(outcome, status.Outcome);
        Assert.Equal(TimeSpan.FromHours(1), status.Granted + status.Pending);
        Assert.InRange(status.Walltime!.Value.TotalSeconds, minutes * 60, minutes * 60 + 2);
        Assert.Equal(job.StartedAt + status.Walltime, status.EndsAt);
    }

    [LabFact]
    public async Task What_cannot_be_asked_is_refused_with_the_reason()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using OarTest bob = await lab.OpenOarAsync(OarLab.Bob);
        await using SchedulerTicker _ = lab.Tick();
        OarJob job = await test.StartAsync(OarTest.Job("refusing"));
        OarJob foreign = await bob.StartAsync(OarTest.Job("bobs"));
        OarSubmission waiting = await test.SubmitAsync(OarTest.Job("held") with { Hold = true });
        Task<string> CodeAsync(long id, string change) =>
            OarTest.CodeAsync(() => test.Oar.ChangeWalltimeAsync(id, new OarWalltimeWish { Change = change }, s_wait, test.Limit));
        Assert.Equal("WalltimeChangeRefused", await CodeAsync(job.Id, "+30:00"));
        Assert.Equal("NotJobOwner", await CodeAsync(foreign.Id, "+0:10"));
        Assert.Equal("JobNotRunning", await CodeAsync(waiting.JobId, "+0:10"));
        Assert.Equal("JobNotFound", await CodeAsync(99_999, "+0:10"));
        Assert.Equal("WalltimeChangeRefused", await CodeAsync(job.Id, "0:20"));
        Assert.Equal("InvalidWalltime", await CodeAsync(job.Id, "+abc"));
        Assert.Null((await test.Oar.GetWalltimeAsync(waiting.JobId, test.Limit)).Walltime);
        Assert.Equal("JobNotFound", await OarTest.CodeAsync(() => test.Oar.GetWalltimeAsync(99_999, test.Limit)));
    }
}
