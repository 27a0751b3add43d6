using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

// Jobs in every situation, as JSON.
public partial class OarRecordingTests
{
    static readonly string[] s_hourOfAll = ["-t", "deploy", "-l", "nodes=36,walltime=1", "sleep 3600"];
    static readonly string[] s_waiting = ["-t", "deploy", "-l", "nodes=5,walltime=0:10", "sleep 600"];
    static readonly string[] s_reservation = ["-t", "deploy", "-r", "2026-03-24 10:02:00", "-l", "{cluster='ambre'}/nodes=8,walltime=0:20"];
    static readonly string[] s_besteffort = ["-t", "besteffort", "-t", "deploy", "-l", "nodes=36,walltime=1:00", "sleep 3600"];

    static Dictionary<string, Scenario> JobScenarios => new()
    {
        // The commands of these jobs run.
        ["job-terminated"] = RunToItsEnd("-t", "deploy", "-n", "myname", "--project", "myproj", "-l", "host=1,walltime=0:05", "echo hello; exit 0"),
        ["job-terminated-exit-3"] = RunToItsEnd("-t", "deploy", "-l", "host=1,walltime=0:05", "-O", "out.%jobid%.txt", "-E", "err.%jobid%.txt",
        "exit 3"),
        ["job-terminated-not-found"] = RunToItsEnd("-t", "deploy", "-l", "nodes=1,walltime=0:10", "/no/such/cmd"),
        ["job-terminated-moldable"] = RunToItsEnd("-t", "deploy", "-l", "nodes=20,walltime=0:10", "-l", "nodes=3,walltime=0:40", "true"),
        ["job-terminated-then-deleted"] = Running(async lab =>
        {
            OarJob job = await EndAsync(lab, ["-t", "deploy", "-n", "myname", "--project", "myproj", "-l", "host=1,walltime=0:05",
                "echo hello; exit 0"]);
            await lab.RunAsync("oardel", $"{job.Id}");
            return await ShowAsync(lab, job);
        }),
        ["job-terminated-by-signal"] = Running(async lab =>
        {
            OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "nodes=3,walltime=0:20", "sleep 1000");
            lab.Advance(10);
            await lab.RunAsync("oardel", "-s", "SIGUSR1", $"{job.Id}");
            await UntilAsync(() => job.State == "Finishing" || job.HasEnded);
            lab.Advance(5);
            return await ShowAsync(lab, job);
        }),
        ["job-finishing"] = Running(async lab =>
        {
            OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "nodes=1,walltime=0:10", "true");
            lab.Advance(5);
            await UntilAsync(() => job.State == "Finishing");
            return await ShowAsync(lab, job);
        }),
        ["job-error-directory"] = Running(async lab =>
        {
            OarJob job = await lab.SubmitAsync("-d", "/nonexistent", "-t", "deploy", "-l", "nodes=1", "sleep 1");
            lab.Advance(15);
            return await ShowAsync(lab, job);
        }),

        ["job-launching"] = In("Launching", "-t", "deploy", "-l", "nodes=1,walltime=0:10", "sleep 3"),
        ["job-waiting-predicted"] = Behind(s_hourOfAll, s_waiting, (_, _) => Task.CompletedTask),
        ["job-waiting-for-job"] = Behind(s_deploy, ["-a", "{id}", "-t", "deploy", "-l", "nodes=1,walltime=0:05", "sleep 5"],
        (_, _) => Task.CompletedTask),
        ["job-waiting-for-vlan"] = Behind(s_global, s_global, (_, _) => Task.CompletedTask),
        ["job-waiting-over-quota"] = Behind(["-l", "nodes=1,walltime=1", "sleep 3600"], ["-t", "deploy", "-l", "nodes=1,walltime=0:05", "sleep 60"],
            (_, _) => Task.CompletedTask) with { Faults = ["oar-quota=1"] },
        ["job-waiting-no-matching-slot"] = new(async lab =>
        {
            lab.World.Nodes.Values.First(n => n.ShortName == "argon-1").OarState = "Absent";
            OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "{host in ('argon-1.arles.grid5000.fr')}/nodes=1,walltime=0:05", "sleep 60");
            lab.Advance(20);
            return await ShowAsync(lab, job);
        }),
        ["job-hold"] = Behind(s_hourOfAll, s_waiting, (lab, job) => lab.RunAsync("oarhold", $"{job.Id}"), settle: false),
        ["job-resumed"] = Behind(s_hourOfAll, s_waiting, async (lab, job) =>
        {
            await lab.RunAsync("oarhold", $"{job.Id}");
            await lab.RunAsync("oarresume", $"{job.Id}");
        }),
        // Asked before the scheduler comes by: the prediction is the old one.
        ["job-error-deleted-before-start"] = Behind(s_hourOfAll, s_waiting, async (lab, job) =>
        {
            await lab.RunAsync("oarhold", $"{job.Id}");
            await lab.RunAsync("oarresume", $"{job.Id}");
            lab.Advance(3);
            await lab.RunAsync("oardel", $"{job.Id}");
            while (!job.HasEnded) lab.Advance(0.5);
        }, settle: false),
        ["job-error-interrupted"] = InterruptedInteractive,
        ["job-error-connection-lost"] = InterruptedInteractive,
        ["job-error-interactive-closed"] = new(async lab =>
        {
            Answer answer = await lab.RunAsync("oarsub", "-I", "-t", "deploy", "-l", "nodes=2,walltime=0:05");
            OarJob job = lab.Arles.Jobs[answer.JobId];
            while (!job.HasEnded) lab.Advance(0.5);
            return await ShowAsync(lab, job);
        }),
        ["job-error-prologue"] = AskOf(["-t", "deploy", "-l", "nodes=1,walltime=0:10", "sleep 600"], 20,
        s_show) with { Faults = ["oar-prologue-fails*1"] },
        ["job-error-besteffort-killed"] = Pushed(s_besteffort),
        ["job-error-besteffort-resubmitted"] = Pushed(["-t", "idempotent", .. s_besteffort]),
        ["job-walltime-changed"] = new(async lab =>
        {
            OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "nodes=2,walltime=0:10", "sleep 6000");
            lab.Advance(20);
            await lab.RunAsync("oarwalltime", $"{job.Id}", "+0:10");
            lab.Advance(70);
            return await ShowAsync(lab, job);
        }),
        ["job-running-inner"] = new(async lab =>
        {
            OarJob container = await lab.SubmitAsync("-t", "container", "-t", "cosystem", "-l", "nodes=4,walltime=0:30", "sleep 1800");
            lab.Advance(20);
            OarJob job = await lab.SubmitAsync("-t", $"inner={container.Id}", "-t", "cosystem", "-l", "nodes=2,walltime=0:05", "sleep 300");
            lab.Advance(20);
            return await ShowAsync(lab, job);
        }),

        ["reservation-running-on-time"] = AskOf(["-t", "deploy", "-r", "2026-03-24 10:02:00", "-l", "nodes=2,walltime=0:05"], 140,
        s_show) with { Faults = ["oar-starts-late=0"] },
        ["reservation-refused"] = new(async lab =>
        {
            string[] reserve = ["-t", "deploy", "-r", "2026-03-25 07:02:08", "-l", "nodes=30,walltime=1"];
            await lab.SubmitAsync(reserve);
            Answer refused = await lab.RunAsync("oarsub", reserve);
            lab.Advance(5);
            return await ShowAsync(lab, lab.Arles.Jobs[refused.JobId]);
        }),
        ["reservation-node-lost-waiting"] = AskOf(s_reservation, 150, s_show) with { Faults = ["oar-loses-nodes=1*1", "oar-starts-late=0"] },
        ["reservation-node-lost-running"] = AskOf(s_reservation, 450, s_show) with { Faults = ["oar-loses-nodes=1*1", "oar-starts-late=0"] },
        ["reservation-all-nodes-lost"] = AskOf(s_reservation, 200, s_show) with { Faults = ["oar-loses-nodes=8*1", "oar-starts-late=0"] },
        ["reservation-connection-lost"] = Unanswered("oarsub-disconnected", 20),
        ["reservation-client-killed"] = new(async lab =>
        {
            Answer answer = await lab.RunAsync("oarsub", s_tomorrow);
            OarJob job = lab.Arles.Jobs[answer.JobId];
            for (int second = 0; second < 400 && !job.HasEnded; second++) lab.Advance(1);
            return await ShowAsync(lab, job);
        }, "oarsub-killed"),
        ["reservation-connection-lost-terminal"] = Unanswered("oarsub-killed", 20),
    };

    static readonly string[] s_global = ["-t", "deploy", "-l", "{type='kavlan-global'}/vlan=1+/nodes=1,walltime=0:20", "sleep 1200"];
    static readonly string[] s_tomorrow = ["-t", "deploy", "-r", "2026-03-25 07:02:08", "-l", "nodes=1,walltime=0:10"];

    static Scenario Running(Func<OarLab, Task<Answer>> run) => new(run) { RunsCommands = true };

    static Scenario RunToItsEnd(params string[] submission) => Running(async lab => await ShowAsync(lab, await EndAsync(lab, submission)));

    static async Task<OarJob> EndAsync(OarLab lab, string[] submission)
    {
        OarJob job = await lab.SubmitAsync(submission);
        lab.Advance(5);
        await UntilAsync(() => job.State == "Finishing" || job.HasEnded);
        lab.Advance(5);
        return job;
    }

    // Processes run in real time.
    static async Task UntilAsync(Func<bool> condition)
    {
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(20), "it did not happen in time");
            await Task.Delay(10);
        }
    }

    static Task<Answer> ShowAsync(OarLab lab, OarJob job) => lab.RunAsync("oarstat", "-J", "-f", "-j", $"{job.Id}");

    static Scenario In(string state, params string[] submission) => new(async lab =>
    {
        OarJob job = await lab.SubmitAsync(submission);
        for (int i = 0; i < 100 && job.State != state; i++) lab.Advance(0.2);
        return await ShowAsync(lab, job);
    });

    /// <summary>A job that waits behind another one, and what is done with it.</summary>
    static Scenario Behind(string[] first, string[] second, Func<OarLab, OarJob, Task> act, bool settle = true) => new(async lab =>
    {
        OarJob other = await lab.SubmitAsync(first);
        lab.Advance(20);
        OarJob job = await lab.SubmitAsync([.. second.Select(w => w.Replace("{id}", $"{other.Id}", StringComparison.Ordinal))]);
        lab.Advance(20);
        await act(lab, job);
        if (settle) lab.Advance(5);
        return await ShowAsync(lab, job);
    });

    /// <summary>Best-effort jobs give way to another user's.</summary>
    static Scenario Pushed(string[] submission) => new(async lab =>
    {
        OarJob job = await lab.SubmitAsync(submission);
        lab.Advance(20);
        await lab.RunAsAsync("other", "arles", "", "oarsub", "-l", "nodes=2,walltime=0:10", "sleep 600");
        lab.Advance(20);
        return await ShowAsync(lab, job);
    });

    static Scenario Unanswered(string fault, double seconds) => new(async lab =>
    {
        Answer answer = await lab.RunAsync("oarsub", s_tomorrow);
        lab.Advance(seconds);
        return await ShowAsync(lab, lab.Arles.Jobs[answer.JobId]);
    }, fault);

    static Scenario InterruptedInteractive => new(async lab =>
    {
        await lab.SubmitAsync(s_hourOfAll);
        lab.Advance(20);
        using var interrupt = new CancellationTokenSource();
        Answer answer = await lab.Clock.RunAsync(() =>
            lab.BeginAsync("jdoe", "arles", "", "oarsub", ["-I", "-t", "deploy", "-l", "nodes=2,walltime=0:10"],
            line =>
            {
                if (line.Contains("Start prediction", StringComparison.Ordinal)) interrupt.Cancel();
            }, interrupt.Token));
        Assert.Equal(1, answer.ExitCode);
        lab.Advance(10);
        return await ShowAsync(lab, lab.Arles.Jobs[answer.JobId]);
    });
}
