using System.Diagnostics;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Oar;

/// <summary>What of OAR can be down, and what must not become of our jobs then.</summary>
[Collection(LabCollection.Name)]
public class OutageTests(OarLab lab)
{
    [LabFact]
    public async Task A_submission_while_the_server_is_down_fails_and_leaves_nothing_when_it_returns()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await lab.StopServerAsync(OarLab.Arles);
        Task<OarSubmission> submission;
        try
        {
            // oarsub says that the job is killed, and it is not: it is deleted by us, as soon as the server is there to do it.
            submission = test.Oar.SubmitAsync(OarTest.Job("while-down"), null, test.Limit);
            await Task.Delay(TimeSpan.FromSeconds(2), test.Limit);
        }
        finally
        {
            await lab.StartAsync();
        }
        Assert.Equal("SubmissionFailed", await OarTest.CodeAsync(() => submission));
        await AssertGoneAsync(test, "while-down");
    }

    [LabFact]
    public async Task A_deletion_while_the_server_is_down_is_repeated_until_it_holds()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await test.StartAsync(OarTest.Job("to-delete"));
        await lab.StopServerAsync(OarLab.Arles);
        Task<bool> deletion;
        try
        {
            deletion = test.Oar.DeleteAsync(running.Id, test.Limit);
            await Task.Delay(TimeSpan.FromSeconds(2), test.Limit);
            Assert.False(deletion.IsCompleted);
        }
        finally
        {
            await lab.StartAsync();
        }
        Assert.True(await deletion);
        Assert.Equal(OarJobEnd.Deleted, (await test.EndedAsync(running.Id)).End);
    }

    [LabFact]
    public async Task With_the_database_down_nothing_hangs_and_what_is_made_later_is_found()
    {
        await using OarTest test = await lab.OpenOarAsync(rest: false);
        await lab.StopDatabaseAsync();
        Task<OarSubmission> submission;
        try
        {
            Assert.Equal("OarUnavailable", await OarTest.CodeAsync(() => test.Oar.GetJobAsync(1, test.Limit)));
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(test.Limit);
            submission = test.Oar.SubmitAsync(OarTest.Job("no-database"), null, patience.Token);
            await Task.Delay(TimeSpan.FromSeconds(2), test.Limit);
            Assert.False(submission.IsCompleted);
            var watch = Stopwatch.StartNew();
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submission);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 35);
        }
        finally
        {
            await lab.StartAsync();
        }
        // oarsub tries again every 30 s, and nobody can end it: what it still makes is found by its name.
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(35); await Task.Delay(500, test.Limit))
        {
            IReadOnlyList<OarJob> late = await test.Oar.FindJobsAsync(OarLab.Alice, "no-database", test.Limit);
            if (late.Count == 0) continue;
            Assert.True(await test.Oar.DeleteAsync(Assert.Single(late).Id, test.Limit));
            break;
        }
        await AssertGoneAsync(test, "no-database");
    }

    [LabFact]
    public async Task A_connection_that_is_cut_during_the_validation_leaves_no_job()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await lab.SignalServerAsync(OarLab.Arles, "STOP");
        try
        {
            var id = new TaskCompletionSource<long>();
            OarJobRequest request = OarTest.Job("cut", command: null) with { Start = DateTimeOffset.UtcNow.AddHours(1) };
            Task<OarSubmission> submission = test.Oar.SubmitAsync(request, id.SetResult, test.Limit);
            await id.Task.WaitAsync(test.Limit);
            await lab.AsAsync(OarLab.Arles, "root", "pkill", "-KILL", "-u", OarLab.Alice, "sshd");
            await lab.SignalServerAsync(OarLab.Arles, "CONT");
            string code = await OarTest.CodeAsync(() => submission);
            Assert.True(code is "FrontendUnreachable" or "SubmissionFailed", code);
        }
        finally
        {
            await lab.SignalServerAsync(OarLab.Arles, "CONT");
        }
        await AssertGoneAsync(test, "cut");
    }

    [LabFact]
    public async Task After_the_server_has_been_restarted_jobs_go_on()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await test.StartAsync(OarTest.Job("survivor"));
        OarSubmission waiting = await test.SubmitAsync(OarTest.Job("next") with { After = [running.Id] });
        await lab.StopServerAsync(OarLab.Arles);
        await lab.StartAsync();
        Assert.Equal(OarJobState.Running, (await test.GetAsync(running.Id)).State);
        await test.Oar.DeleteAsync(running.Id, test.Limit);
        await test.RunningAsync(waiting.JobId);
    }

    static async Task AssertGoneAsync(OarTest test, string name)
    {
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(40); await Task.Delay(500, test.Limit))
        {
            IReadOnlyList<OarJob> left = await test.Oar.FindJobsAsync(OarLab.Alice, name, test.Limit);
            if (left.Count == 0) return;
        }
        Assert.Fail($"A job {name} is left.");
    }
}
