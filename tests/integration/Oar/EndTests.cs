using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Oar;

/// <summary>How jobs end: OAR calls most of it Error.</summary>
[Collection(LabCollection.Name)]
public class EndTests(OarLab lab)
{
    [LabFact]
    public async Task Each_end_is_told_from_the_others()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarSubmission walltime = await test.SubmitAsync(OarTest.Job("over", walltime: "0:0:03"));
        OarSubmission noop = await test.SubmitAsync(OarTest.Job("noop-over", command: null, walltime: "0:0:03") with { Types = ["noop"] });
        OarSubmission nowhere = await test.SubmitAsync(OarTest.Job("nowhere", command: "true") with { Directory = "/nowhere" });
        OarSubmission unknown = await test.SubmitAsync(OarTest.Job("unknown", command: "no-such-command"));
        OarSubmission killed = await test.SubmitAsync(OarTest.Job("killed", command: "kill -TERM $$"));
        OarJob deleted = await test.StartAsync(OarTest.Job("deleted"));
        OarSubmission held = await test.SubmitAsync(OarTest.Job("never-started") with { Hold = true });
        Assert.True(await test.Oar.DeleteAsync(deleted.Id, test.Limit));
        Assert.True(await test.Oar.DeleteAsync(held.JobId, test.Limit));

        Assert.Equal(OarJobEnd.Deleted, (await test.EndedAsync(deleted.Id)).End);
        Assert.Equal(OarJobEnd.Deleted, (await test.EndedAsync(held.JobId)).End);
        Assert.Equal(OarJobEnd.Failed, (await test.EndedAsync(nowhere.JobId)).End);
        Assert.Equal((OarJobEnd.Completed, 127), await EndAsync(test, unknown));
        OarJob signalled = await test.EndedAsync(killed.JobId);
        Assert.Equal((OarJobEnd.Completed, 15), (signalled.End, signalled.ExitSignal));
        Assert.Equal(OarJobEnd.WalltimeReached, (await test.EndedAsync(walltime.JobId)).End);
        Assert.Equal(OarJobEnd.WalltimeReached, (await test.EndedAsync(noop.JobId)).End);
    }

    [LabFact]
    public async Task A_job_that_is_deleted_while_it_is_waited_for_says_why()
    {
        await using OarTest test = await lab.OpenOarAsync();
        OarSubmission held = await test.SubmitAsync(OarTest.Job("held") with { Hold = true });
        Task<OarJob> wait = test.RunningAsync(held.JobId);
        await test.Oar.DeleteAsync(held.JobId, test.Limit);
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() => wait);
        Assert.Equal("JobEnded", e.Code);
        Assert.Contains("deleted", e.Message, StringComparison.Ordinal);
        Assert.True(await test.Oar.DeleteAsync(held.JobId, test.Limit), "a second deletion does no harm");
    }

    [LabFact]
    public async Task A_held_job_starts_when_it_is_resumed()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarSubmission made = await test.SubmitAsync(OarTest.Job("hold-resume") with { Hold = true });
        Assert.Equal(OarJobState.Hold, (await test.GetAsync(made.JobId)).State);
        await test.Oar.ResumeAsync(made.JobId, test.Limit);
        OarJob running = await test.RunningAsync(made.JobId);
        Assert.Equal("JobNotInState", await OarTest.CodeAsync(() => test.Oar.HoldAsync(running.Id, test.Limit)));
        Assert.Equal("SuspendNotAllowed", await OarTest.CodeAsync(() => test.Oar.SuspendAsync(running.Id, test.Limit)));
        Assert.Equal("JobNotInState", await OarTest.CodeAsync(() => test.Oar.ResumeAsync(running.Id, test.Limit)));
    }

    [LabFact]
    public async Task A_signal_reaches_the_job()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await test.StartAsync(OarTest.Job("signalled",
            command: "trap 'echo caught; exit 4' USR1; echo ready; while true; do sleep 0.2; done"));
        while (!(await ReadAsync(test, running.Id)).Contains("ready")) await Task.Delay(200, test.Limit);
        await test.Oar.SignalAsync(running.Id, "SIGUSR1", test.Limit);
        OarJob ended = await test.EndedAsync(running.Id);
        Assert.Equal(4, ended.ExitStatus);
        Assert.Contains("caught", await ReadAsync(test, running.Id));
    }

    [LabFact]
    public async Task An_ended_job_is_submitted_again()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarSubmission first = await test.SubmitAsync(OarTest.Job("again", command: "true"));
        await test.EndedAsync(first.JobId);
        OarSubmission second = await test.Oar.ResubmitAsync(first.JobId, null, test.Limit);
        Assert.Equal(first.JobId, (await test.EndedAsync(second.JobId)).ResubmittedFrom);
        Assert.Equal("SubmissionRefused", await OarTest.CodeAsync(() => test.Oar.ResubmitAsync(99_999, null, test.Limit)));
    }

    static async Task<(OarJobEnd, int?)> EndAsync(OarTest test, OarSubmission made) =>
        await test.EndedAsync(made.JobId) is var job ? (job.End, job.ExitStatus) : default;

    static async Task<List<string>> ReadAsync(OarTest test, long id)
    {
        try
        {
            return await test.Oar.ReadOutputAsync(id, OarOutputStream.Output, follow: false, cancellationToken: test.Limit).ToListAsync(test.Limit);
        }
        catch (G5kException e) when (e.Code == "JobOutputNotFound")
        {
            return []; // not yet
        }
    }
}
