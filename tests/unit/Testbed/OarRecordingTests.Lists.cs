using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

// Several jobs at once, texts, outages, changes of walltime.
public partial class OarRecordingTests
{
    static readonly string[] s_short = ["-t", "deploy", "-l", "nodes=2,walltime=0:10", "sleep 600"];
    static readonly string[] s_pair = ["oarsub", "-J", "-t", "deploy", "-r", "2026-03-25 10:56:20", "-l", "nodes=2,walltime=0:30"];

    static Dictionary<string, Scenario> ListScenarios => new()
    {
        ["oarstat-user"] = AskOf(s_deploy, 20, "oarstat", "-J", "-u"),
        ["oarstat-several-jobs"] = new(async lab =>
        {
            OarJob first = await lab.SubmitAsync(s_short);
            lab.Advance(20);
            await lab.RunAsync("oardel", $"{first.Id}");
            lab.Advance(20);
            OarJob second = await lab.SubmitAsync(["-n", "myname", .. s_short]);
            lab.Advance(20);
            second.State = "Terminated";
            return await lab.RunAsync("oarstat", "-J", "-j", $"{first.Id}", "-j", "99999", "-j", $"{second.Id}");
        }),
        ["oarstat-state-text"] = new(async lab =>
        {
            OarJob running = await lab.SubmitAsync(s_hourOfAll);
            lab.Advance(20);
            OarJob waiting = await lab.SubmitAsync(s_waiting);
            return await lab.RunAsync("oarstat", "-s", "-j", $"{running.Id}", "-j", $"{waiting.Id}");
        }),
        ["oarstat-array"] = new(async lab =>
        {
            Answer array = await lab.RunAsync("oarsub", "--array", "3", "-t", "deploy", "-n", "arr", "-l", "nodes=1,walltime=0:05", "sleep 5");
            return await lab.RunAsync("oarstat", "-J", "--array", $"{array.JobId}");
        }),
        ["oarstat-events"] = new(async lab =>
        {
            OarJob job = await lab.SubmitAsync(s_besteffort);
            lab.Advance(20);
            await lab.RunAsAsync("other", "arles", "", "oarsub", "-l", "nodes=2,walltime=0:10", "sleep 600");
            lab.Advance(20);
            return await lab.RunAsync("oarstat", "-e", "-j", $"{job.Id}");
        }),
        ["oarstat-table"] = new(async lab =>
        {
            await lab.SubmitAsync("-t", "deploy", "-l", "nodes=1,walltime=0:10", "sleep 60");
            await lab.SubmitAsync("-t", "deploy", "-r", "2026-03-25 07:02:42", "-l", "nodes=1,walltime=0:10");
            await lab.SubmitAsync("-t", "deploy", "-l", "nodes=1,walltime=0:20", "sleep 60");
            return await lab.RunAsync("oarstat");
        }, "oar-quota=0"),
        ["oarstat-gantt"] = new(async lab =>
        {
            await lab.SubmitAsync("-r", lab.In(60), "-t", "deploy", "-l", "{type='kavlan'}/vlan=1+{cluster='argon'}/nodes=20,walltime=0:10");
            lab.Advance(90);
            await lab.SubmitAsync("-n", "later", "-t", "deploy", "-l", "nodes=30,walltime=0:10", "sleep 600");
            lab.Advance(20);
            return await lab.RunAsync("oarstat", "-J", "--gantt", $"{lab.In(-300)}, {lab.In(1200)}");
        }),
        ["oarnodes-states-dead-host"] = new(lab =>
        {
            lab.World.Nodes.Values.First(n => n.ShortName == "argon-1").OarState = "Dead";
            return lab.RunAsync("oarnodes", "-J", "-s", "argon-1.arles.grid5000.fr");
        }),
        ["two-sites-first"] = Ask("oarsub", "-J", "-t", "deploy", "-r", "2026-03-25 10:56:20", "-l",
        "{type='kavlan-global'}/vlan=1+/nodes=2,walltime=0:30"),
        ["two-sites-second"] = Ask(s_pair),
        ["two-sites-one-accepted"] = Ask(s_pair),
        ["two-sites-other-never"] = Ask("oarsub", "-J", "-t", "deploy", "-r", "2026-03-25 10:56:20", "-l", "nodes=99,walltime=0:30"),
        ["server-down-oardel"] = WithoutServer(0, "oardel", "{id}"),
        ["server-down-oarhold"] = WithoutServer(0, "oarhold", "{id}"),
        ["server-down-resubmit"] = WithoutServer(200, "oarsub", "--resubmit", "{id}"),
        ["walltime-query-decreased"] = Prolonged(["-0:05"], false, 0, "oarwalltime", "{id}"),
        ["walltime-query-unsatisfied"] = Prolonged(["+0:05", "+1:00"], true, 0, "oarwalltime", "{id}"),
        ["walltime-query-ended"] = Prolonged(["+0:05", "+1:00"], true, 1000, "oarwalltime", "{id}"),
        ["walltime-accepted-not-granted"] = Prolonged(["+0:05"], true, 0, "oarwalltime", "{id}", "+1:00"),
        ["interactive-killed-while-waiting"] = new(async lab =>
        {
            await lab.SubmitAsync(s_hourOfAll);
            lab.Advance(20);
            Task<Answer>? deletion = null;
            Answer answer = await lab.Clock.RunAsync(() =>
                lab.BeginAsync("jdoe", "arles", "", "oarsub", ["-I", "-t", "deploy", "-l", "nodes=2,walltime=0:10"],
                line =>
                {
                    if (line.Contains("Start prediction", StringComparison.Ordinal))
                    {
                        deletion ??= lab.BeginAsync("jdoe", "arles", "", "oardel", [$"{lab.Arles.Jobs.Keys.Last()}"]);
                    }
                }));
            Assert.Equal(0, (await deletion!).ExitCode);
            return answer;
        }),
    };

    /// <summary>The job is made although the server is down, and found at its next run.</summary>
    static Scenario WithoutServer(double seconds, params string[] words) => new(async lab =>
    {
        Answer made = await lab.RunAsync("oarsub", "-t", "noop", "-l", "nodes=1,walltime=0:01");
        lab.Advance(seconds);
        return await lab.RunAsync(words[0], [.. words[1..].Select(w => w.Replace("{id}", $"{made.JobId}", StringComparison.Ordinal))]);
    }, "oar-server-down");

    /// <param name="hindered">Whether a job waits for the nodes before the last of the changes.</param>
    static Scenario Prolonged(string[] changes, bool hindered, double seconds, params string[] words) => new(async lab =>
    {
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "nodes=36,walltime=0:10", "sleep 6000");
        lab.Advance(20);
        for (int i = 0; i < changes.Length; i++)
        {
            if (hindered && i == 1) await HinderAsync();
            await lab.RunAsync("oarwalltime", $"{job.Id}", changes[i]);
            lab.Advance(5);
        }
        if (hindered && changes.Length == 1) await HinderAsync();
        lab.Advance(seconds);
        return await lab.RunAsync(words[0], [.. words[1..].Select(w => w.Replace("{id}", $"{job.Id}", StringComparison.Ordinal))]);

        async Task HinderAsync()
        {
            await lab.SubmitAsync(s_waiting);
            lab.Advance(5);
        }
    });
}
