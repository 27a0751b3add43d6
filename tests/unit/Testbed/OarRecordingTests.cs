using System.Text.RegularExpressions;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

/// <summary>
/// The emulated programs against recordings of the real ones: asked the same in the same situation they print the same, but for numbers, dates and
/// names. A recording of JSON is compared by its keys and by the kinds of their values.
/// </summary>
public partial class OarRecordingTests
{
    const string Reserve = "{type='kavlan'}/vlan=1+{cluster='argon'}/nodes=2,walltime=0:20";

    /// <summary>What leads to a recording, and what is then asked.</summary>
    sealed record Scenario(Func<OarLab, Task<Answer>> Run, params string[] Faults)
    {
        /// <summary>Whether the commands of jobs are processes.</summary>
        public bool RunsCommands { get; init; }
    }

    static Scenario Ask(params string[] words) => new(lab => lab.RunAsync(words[0], words[1..]));
    static Scenario AskWithFault(string fault, params string[] words) => new(lab => lab.RunAsync(words[0], words[1..]), fault);

    /// <summary>Of a job of ours, after some seconds; <c>{id}</c> stands for its id.</summary>
    static Scenario AskOf(string[] submission, double seconds, params string[] words) => new(async lab =>
    {
        OarJob job = await lab.SubmitAsync(submission);
        lab.Advance(seconds);
        return await lab.RunAsync(words[0], [.. words[1..].Select(w => w.Replace("{id}", $"{job.Id}", StringComparison.Ordinal))]);
    });

    /// <summary>Somebody else asks.</summary>
    static Scenario AskByOther(string[] submission, double seconds, params string[] words) => new(async lab =>
    {
        OarJob job = await lab.SubmitAsync(submission);
        lab.Advance(seconds);
        return await lab.RunAsAsync("other", "arles", "", words[0],
            [.. words[1..].Select(w => w.Replace("{id}", $"{job.Id}", StringComparison.Ordinal))]);
    });

    static readonly string[] s_deploy = ["-t", "deploy", "-l", "nodes=3,walltime=0:30", "sleep 1800"];
    static readonly string[] s_show = ["oarstat", "-J", "-f", "-j", "{id}"];

    static readonly Dictionary<string, Scenario> s_scenarios = new()
    {
        ["oarsub-deploy"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "nodes=3,walltime=0:30", "sleep 1800"),
        ["oarsub-name-and-project"] = Ask("oarsub", "-J", "-t", "deploy", "-n", "myname", "--project", "myproj", "-l", "host=1,walltime=0:05",
        "true"),
        ["oarsub-output-files"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "host=1,walltime=0:05", "-O", "out.%jobid%.txt", "-E", "err.%jobid%.txt",
        "exit 3"),
        ["oarsub-kavlan-and-nodes"] = Ask("oarsub", "-J", "-t", "deploy", "-l", Reserve, "sleep 1200"),
        ["oarsub-kavlan-local"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "{type='kavlan-local'}/vlan=1+/nodes=1,walltime=0:20", "sleep 1200"),
        ["oarsub-kavlan-global"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "{type='kavlan-global'}/vlan=1+/nodes=1,walltime=0:20", "sleep 1200"),
        ["oarsub-exotic-filtered"] = Ask("oarsub", "-J", "-t", "deploy", "-l", Reserve, "sleep 1000"),
        ["oarsub-exotic"] = Ask("oarsub", "-J", "-t", "deploy", "-t", "exotic", "-p", "cluster='aster'", "-l", "nodes=2,walltime=0:20", "sleep 1000"),
        ["oarsub-subnet-vlan-node"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "slash_22=1+{type='kavlan-local'}/vlan=1+/nodes=1,walltime=0:20",
        "sleep 1000"),
        ["oarsub-default-walltime"] = Ask("oarsub", "-J", "-d", "/nonexistent", "-t", "deploy", "-l", "nodes=1", "sleep 1"),
        ["oarsub-hold"] = Ask("oarsub", "-J", "--hold", "-t", "deploy", "-l", "nodes=1,walltime=0:10", "sleep 600"),
        ["oarsub-besteffort"] = Ask("oarsub", "-J", "-t", "besteffort", "-t", "deploy", "-l", "nodes=30,walltime=1:00", "sleep 3600"),
        ["oarsub-besteffort-idempotent"] = Ask("oarsub", "-J", "-t", "besteffort", "-t", "idempotent", "-t", "deploy", "-l",
        "nodes=30,walltime=1:00", "sleep 3600"),
        ["oarsub-noop"] = Ask("oarsub", "-J", "-t", "noop", "-l", "nodes=1,walltime=0:05"),
        ["oarsub-cosystem"] = Ask("oarsub", "-J", "-t", "cosystem", "-l", "nodes=2,walltime=0:05", "sleep 2"),
        ["oarsub-cores"] = Ask("oarsub", "-J", "-l", "core=4,walltime=0:05", "hostname"),
        ["oarsub-container"] = Ask("oarsub", "-J", "-t", "container", "-t", "cosystem", "-l", "nodes=4,walltime=0:30", "sleep 1800"),
        ["oarsub-inner"] = AskOf(["-t", "container", "-t", "cosystem", "-l", "nodes=4,walltime=0:30", "sleep 1800"], 10,
            "oarsub", "-J", "-t", "inner={id}", "-t", "cosystem", "-l", "nodes=2,walltime=0:05", "sleep 300"),
        ["oarsub-array"] = Ask("oarsub", "-J", "--array", "3", "-t", "deploy", "-n", "arr", "-l", "nodes=1,walltime=0:05", "sleep 5"),
        ["oarsub-after"] = AskOf(s_deploy, 5, "oarsub", "-J", "-a", "{id}", "-t", "deploy", "-l", "nodes=1,walltime=0:05", "sleep 5"),
        ["oarsub-after-unknown-job"] = Ask("oarsub", "-J", "-a", "99999", "-t", "deploy", "-l", "nodes=1,walltime=0:05", "true"),
        ["oarsub-moldable"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "nodes=20,walltime=0:10", "-l", "nodes=3,walltime=0:40", "sleep 1"),
        ["oarsub-nodes-all"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "{cluster='ambre'}/nodes=ALL,walltime=0:05", "sleep 2"),
        ["oarsub-postpone"] = Ask("oarsub", "-J", "-t", "deploy", "-t", "postpone=2026-11-20 08:48:18", "-l", "nodes=1,walltime=0:05", "sleep 1"),
        ["oarsub-utf8"] = Ask("oarsub", "-J", "-t", "deploy", "-n", "é\"ç\\z", "-l", "nodes=1,walltime=0:05", "echo \"à b\"; sleep 120"),
        ["oarsub-absent-node"] = new(lab =>
        {
            lab.World.Nodes.Values.First(n => n.ShortName == "argon-1").OarState = "Absent";
            return lab.RunAsync("oarsub", "-J", "-t", "deploy", "-l", "{host in ('argon-1.arles.grid5000.fr')}/nodes=1,walltime=0:05", "sleep 60");
        }),
        ["oarsub-resubmit"] = AskOf(["-t", "noop", "-l", "nodes=1,walltime=0:01"], 90, "oarsub", "-J", "--resubmit", "{id}"),
        ["resubmit-other-user"] = AskByOther(s_deploy, 5, "oarsub", "--resubmit", "{id}"),
        ["refused-too-many-nodes"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "nodes=1000,walltime=0:20", "sleep 1200"),
        ["refused-too-many-vlans"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "{type='kavlan-global'}/vlan=2+/nodes=1,walltime=0:20", "sleep 1200"),
        ["refused-unknown-type"] = Ask("oarsub", "-J", "-t", "nosuchtype", "-l", "nodes=1", "sleep 1200"),
        ["refused-deploy-cores"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "core=1", "sleep 1200"),
        ["refused-resource-syntax"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "nodes=abc", "sleep 1200"),
        ["refused-no-command"] = Ask("oarsub", "-J", "-t", "deploy", "-l", "nodes=1"),
        ["refused-unknown-property"] = Ask("oarsub", "-J", "-t", "deploy", "-p", "nosuchprop='x'", "-l", "nodes=1,walltime=0:20", "sleep 1200"),
        ["refused-sql-syntax"] = Ask("oarsub", "-J", "-t", "deploy", "-p", "cluster='argon", "-l", "nodes=1", "sleep 1"),
        ["refused-unknown-queue"] = Ask("oarsub", "-J", "-q", "noqueue", "-t", "deploy", "-l", "nodes=1", "sleep 1"),
        ["refused-interactive-noop"] = Ask("oarsub", "-J", "-I", "-t", "noop", "-l", "nodes=1"),
        ["refused-insecure-notify"] = Ask("oarsub", "-J", "--notify", "exec:/bin/x;rm", "-l", "nodes=1", "sleep 1"),
        ["inner-unknown-container"] = Ask("oarsub", "-J", "-t", "inner=424242", "-t", "cosystem", "-l", "nodes=1,walltime=0:05", "sleep 300"),
        ["reservation-accepted"] = Ask("oarsub", "-J", "-t", "deploy", "-r", "2026-03-25 07:02:42", "-l", "nodes=2,walltime=0:05"),
        ["reservation-accepted-with-command"] =
        Ask("oarsub", "-J", "-t", "deploy", "-r", "2026-03-25 07:02:42", "-l", "nodes=20,walltime=1", "sleep 3600"),
        ["reservation-bad-date"] = Ask("oarsub", "-J", "-t", "deploy", "-r", "tomorrow", "-l", "nodes=1,walltime=0:10"),
        ["reservation-too-old"] = Ask("oarsub", "-J", "-t", "deploy", "-r", "2026-03-20 06:02:12", "-l", "nodes=1,walltime=0:10"),
        ["reservation-slot-taken"] = AskOf(["-t", "deploy", "-r", "2026-03-25 07:02:08", "-l", "nodes=30,walltime=1"], 1,
            "oarsub", "-J", "-t", "deploy", "-r", "2026-03-25 07:02:08", "-l", "nodes=30,walltime=1"),
        ["reservation-third-refused"] = new(async lab =>
        {
            string[] reserve = ["-J", "-t", "deploy", "-r", "2026-03-25 07:02:08", "-l", "nodes=1,walltime=1"];
            await lab.SubmitAsync(reserve);
            await lab.SubmitAsync(reserve);
            return await lab.RunAsync("oarsub", reserve);
        }),
        ["server-down-oarsub"] = AskWithFault("oar-server-down", "oarsub", "-J", "-t", "deploy", "-l", "nodes=1,walltime=0:10", "sleep 60"),
        ["server-down-reservation"] = AskWithFault("oar-server-down", "oarsub", "-J", "-t", "deploy", "-r", "2026-03-25 08:43:07", "-l",
        "nodes=1,walltime=0:10"),
        ["server-down-interactive"] = AskWithFault("oar-server-down", "oarsub", "-I", "-t", "deploy", "-l", "nodes=1,walltime=0:05"),
        ["database-down-oarstat"] = AskWithFault("oar-database-down", "oarstat", "-J", "-u"),
        ["database-down-oarnodes"] = AskWithFault("oar-database-down", "oarnodes", "-s"),
        ["interactive-without-terminal"] = Ask("oarsub", "-I", "-t", "deploy", "-l", "nodes=2,walltime=0:05"),
        ["connect-unknown-job"] = Ask("oarsub", "-C", "99999"),
        ["connect-not-running"] = new(async lab =>
        {
            OarJob job = await lab.SubmitAsync(s_deploy);
            await lab.RunAsync("oardel", $"{job.Id}");
            lab.Advance(20);
            return await lab.RunAsync("oarsub", "-C", $"{job.Id}");
        }),
        ["oardel-registered"] = AskOf(s_deploy, 10, "oardel", "{id}"),
        ["oardel-other-user"] = AskByOther(s_deploy, 10, "oardel", "{id}"),
        ["oardel-twice"] = new(async lab =>
        {
            OarJob job = await lab.SubmitAsync(s_deploy);
            await lab.RunAsync("oardel", $"{job.Id}");
            return await lab.RunAsync("oardel", $"{job.Id}");
        }),
        ["oardel-not-a-number"] = Ask("oardel", "abc"),
        ["oardel-several-mixed"] = AskOf(s_deploy, 10, "oardel", "{id}", "99999", "{id}", "abc"),
        ["oardel-signal"] = AskOf(s_deploy, 20, "oardel", "-s", "SIGUSR1", "{id}"),
        ["oardel-checkpoint-not-running"] = AskOf(s_deploy, 0, "oardel", "-c", "{id}"),
        ["oardel-terminated-job"] = new(async lab =>
        {
            OarJob job = await lab.SubmitAsync(s_deploy);
            lab.Advance(20);
            job.State = "Terminated";
            return await lab.RunAsync("oardel", $"{job.Id}");
        }),
        ["two-sites-rollback"] = AskOf(s_deploy, 0, "oardel", "{id}"),
        ["oarhold-accepted"] = AskOf(s_deploy, 0, "oarhold", "{id}"),
        ["oarhold-other-user"] = AskByOther(s_deploy, 0, "oarhold", "{id}"),
        ["oarhold-running"] = AskOf(s_deploy, 20, "oarhold", "-r", "{id}"),
        ["oarresume-accepted"] = AskOf(["--hold", .. s_deploy], 5, "oarresume", "{id}"),
        ["oarresume-not-held"] = AskOf(s_deploy, 5, "oarresume", "{id}"),
        ["walltime-query"] = AskOf(["-t", "deploy", "-l", "nodes=3,walltime=0:10", "sleep 1800"], 30, "oarwalltime", "{id}"),
        ["walltime-query-waiting"] = AskOf(s_deploy, 0, "oarwalltime", "{id}"),
        ["walltime-query-unknown-job"] = Ask("oarwalltime", "99999"),
        ["walltime-accepted"] = AskOf(s_deploy, 20, "oarwalltime", "{id}", "+0:10"),
        ["walltime-no-change"] = AskOf(s_deploy, 20, "oarwalltime", "{id}", "+0"),
        ["walltime-not-running"] = AskOf(s_deploy, 0, "oarwalltime", "{id}", "+0:10"),
        ["walltime-other-user"] = AskByOther(s_deploy, 20, "oarwalltime", "{id}", "+0:10"),
        ["walltime-unknown-job"] = Ask("oarwalltime", "99999", "+0:10"),
        ["walltime-disabled"] = AskWithFault("oar-walltime-disabled", "oarwalltime", "99999", "+0:10"),
        ["walltime-updated"] = new(async lab =>
        {
            OarJob job = await lab.SubmitAsync(s_deploy);
            lab.Advance(20);
            await lab.RunAsync("oarwalltime", $"{job.Id}", "+0:10");
            return await lab.RunAsync("oarwalltime", $"{job.Id}", "+0:20");
        }),
        ["oarstat-unknown-job"] = Ask("oarstat", "-J", "-f", "-j", "99999"),
        ["oarstat-user-without-jobs"] = Ask("oarstat", "-J", "-u"),
        ["oarstat-sql-error"] = Ask("oarstat", "-J", "--sql", "nosuch='x'"),
        ["oarstat-state"] = AskOf(s_deploy, 20, "oarstat", "-J", "-s", "-j", "{id}"),
        ["oarstat-state-unknown-job"] = Ask("oarstat", "-J", "-s", "-j", "99999"),
        ["oarstat-comma-list"] = Ask("oarstat", "-J", "-j", "100001,100002"),
        ["oarstat-gantt-bad-dates"] = Ask("oarstat", "-J", "--gantt", "2026-11-19, 2026-11-21"),
        ["oarstat-text-running"] = AskOf(["-J", .. s_deploy], 20, "oarstat", "-f", "-j", "{id}"),
        ["oarstat-events-ignores-json"] = new(async lab =>
        {
            OarJob job = await lab.SubmitAsync(s_deploy);
            lab.Advance(20);
            await lab.RunAsync("oardel", $"{job.Id}");
            lab.Advance(20);
            return await lab.RunAsync("oarstat", "-J", "-e", "-j", $"{job.Id}");
        }),
        ["oarstat-accounting"] = new(async lab =>
        {
            OarJob job = await lab.SubmitAsync(["-l", "nodes=1,walltime=0:10", "sleep 1"]);
            lab.Advance(20);
            await lab.RunAsync("oardel", $"{job.Id}");
            lab.Advance(20);
            return await lab.RunAsync("oarstat", "-J", "--accounting", "2026-03-23, 2026-03-25");
        }),
        ["oarstat-array-compact"] = new(async lab =>
        {
            Answer array = await lab.RunAsync("oarsub", "--array", "2", "-t", "deploy", "-l", "nodes=1,walltime=0:05", "sleep 5");
            lab.Advance(20);
            foreach (OarJob job in lab.Arles.Jobs.Values) job.State = "Terminated";
            return await lab.RunAsync("oarstat", "-c", "--array", $"{array.JobId}");
        }),
        ["oarnodes-sql-error"] = Ask("oarnodes", "-J", "--sql", "nosuch='x'"),
        ["oarnodes-unknown-host"] = Ask("oarnodes", "-J", "nosuch-1.arles.grid5000.fr"),
        ["oarnodes-unknown-resource"] = Ask("oarnodes", "-J", "-r", "99999"),
        ["oarprint-unknown-property"] = new(async lab =>
        {
            OarJob job = await lab.SubmitAsync(s_deploy);
            lab.Advance(20);
            string input = (await lab.RunAsync("oarstat", "-j", $"{job.Id}", "-p")).Output;
            return await lab.RunAsAsync("jdoe", "arles", input, "oarprint", "nosuch", "-f", "-");
        }),

        // Jobs as JSON.
        ["job-waiting-not-yet-scheduled"] = AskOf(s_deploy, 0, s_show),
        ["job-running"] = AskOf(s_deploy, 20, s_show),
        ["job-running-seen-by-other"] = AskByOther(s_deploy, 20, s_show),
        ["job-running-kavlan"] = AskOf(["-t", "deploy", "-l", Reserve, "sleep 1200"], 20, s_show),
        ["job-running-vlan-only"] = AskOf(["-t", "deploy", "-l", "{type='kavlan'}/vlan=1,walltime=0:20", "sleep 1200"], 20, s_show),
        ["job-running-noop"] = AskOf(["-t", "noop", "-l", "nodes=1,walltime=0:05"], 20, s_show),
        ["job-waiting-for-unknown-job"] = AskOf(["-a", "99999", "-t", "deploy", "-l", "nodes=1,walltime=0:05", "true"], 20, s_show),
        ["job-waiting-utf8"] = AskOf(["-t", "deploy", "-n", "é\"ç\\z", "-l", "nodes=1,walltime=0:05", "echo \"à b\"; sleep 120"], 0, s_show),
        ["job-terminated-noop"] = ShownAtItsEnd("-t", "noop", "-l", "nodes=1,walltime=0:01"),
        ["job-error-walltime"] = AskOf(["-t", "deploy", "-l", "nodes=1,walltime=0:01", "sleep 1800"], 150, s_show),
        ["job-error-expired"] = AskOf(["-t", "deploy", "-t", "expire=2026-03-24 09:00:00", "-l", "nodes=1,walltime=0:05", "sleep 1"], 20, s_show),
        ["job-error-deleted"] = Deleted(s_deploy, 20, 20),
        ["reservation-waiting"] = AskOf(["-t", "deploy", "-r", "2026-03-25 07:02:42", "-l", "nodes=2,walltime=0:05"], 20, s_show),
        ["reservation-waiting-with-vlan"] = AskOf(
        ["-t", "deploy", "-r", "2026-03-25 07:02:42", "-l", "{type='kavlan-global'}/vlan=1+/nodes=2,walltime=0:05"], 20, s_show),
        ["reservation-deleted-before-start"] = Deleted(["-t", "deploy", "-r", "2026-03-25 07:02:42", "-l", "nodes=2,walltime=0:05"], 5, 20),
        ["reservation-running-late"] = AskOf(["-t", "deploy", "-r", "2026-03-24 10:02:00", "-l", "nodes=2,walltime=0:05"], 160,
        s_show) with { Faults = ["oar-starts-late=30"] },
        ["reservation-ended"] = ShownAtItsEnd("-t", "deploy", "-r", "2026-03-24 10:02:00", "-l",
        "nodes=2,walltime=0:05") with { Faults = ["oar-starts-late=0"] },
        ["oarstat-short"] = AskOf(s_deploy, 20, "oarstat", "-J", "-j", "{id}"),
    };

    static Scenario Deleted(string[] submission, double before, double after) => new(async lab =>
    {
        OarJob job = await lab.SubmitAsync(submission);
        lab.Advance(before);
        await lab.RunAsync("oardel", $"{job.Id}");
        lab.Advance(after);
        return await lab.RunAsync("oarstat", "-J", "-f", "-j", $"{job.Id}");
    });

    // The prediction is forgotten by the next run of the scheduler only.
    static Scenario ShownAtItsEnd(params string[] submission) => new(async lab =>
    {
        OarJob job = await lab.SubmitAsync(submission);
        for (int second = 0; second < 600 && !job.HasEnded; second++) lab.Advance(1);
        return await lab.RunAsync("oarstat", "-J", "-f", "-j", $"{job.Id}");
    });

    public static TheoryData<string> Recordings => [.. s_scenarios.Keys, .. JobScenarios.Keys, .. ListScenarios.Keys];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task The_emulated_program_answers_as_the_recorded_one(string recording)
    {
        Scenario scenario = s_scenarios.GetValueOrDefault(recording) ?? JobScenarios.GetValueOrDefault(recording) ?? ListScenarios[recording];
        using TemporaryFolder? home = scenario.RunsCommands ? new TemporaryFolder() : null;
        await using OarLab lab = new OarLab([.. scenario.Faults.Select(FaultSpecification.Parse)], home?.Path).Started();
        Answer answer = await scenario.Run(lab);
        RecordedCommand real = RecordedCommand.Read($"oar/{recording}.txt");
        Assert.Equal(real.ExitStatus, answer.ExitCode);
        Assert.Equal(Normalise(real.Error), Normalise(answer.Errors));
        if (real.Output.StartsWith("Usage: ", StringComparison.Ordinal)) Assert.Equal(OptionsOf(real.Output), OptionsOf(answer.Output));
        else if (real.Output.StartsWith('{') && real.Output.Length > 100) Assert.Equal(ShapeOf(real.Output), ShapeOf(answer.Output));
        else Assert.Equal(Normalise(real.Output), Normalise(answer.Output));
    }

    // Columns that Grid'5000 has and the recorded sites have not: queues and more sizes of subnets.
    static IEnumerable<string> ShapeOf(string json) => Shape.Of(Host().Replace(json, "HOST")).Split('\n').Where(l => !OwnColumn().IsMatch(l));

    [GeneratedRegex("/(queues|slash_(17|18|19|20|21)): ")]
    private static partial Regex OwnColumn();

    /// <summary>What stands before the explanations, which are in words of our own.</summary>
    static IEnumerable<string> OptionsOf(string usage) =>
        usage.Split('\n').Take(3).Select(l => l.Trim()).Concat(OptionPattern().Matches(usage).Select(m => m.Value));

    [GeneratedRegex(@"^ (-\w|  )[, ] --[a-z-]+([= ](<[^>]+>|""<[^>]+>""))?", RegexOptions.Multiline)]
    private static partial Regex OptionPattern();

    /// <summary>
    /// Numbers, dates, hosts and users aside. A line about exotic resources depends on the site. Grid'5000 has a default walltime and words of its
    /// own for reservations, which the emulator prints.
    /// </summary>
    static string Normalise(string text)
    {
        text = text.ReplaceLineEndings("\n");
        text = text.Replace("# Advance reservation request: waiting for validation...", "Reservation mode: waiting validation...",
            StringComparison.Ordinal)
            .Replace("# Reservation ", "Reservation ", StringComparison.Ordinal).Replace(" AND exotic = 'NO'", "", StringComparison.Ordinal);
        text = DefaultWalltime().Replace(text, "[ADMISSION RULE] Set default walltime to N.");
        text = Exotic().Replace(text, "");
        // The database's own query, cut on both sides.
        text = Regex.Replace(text, @"(?<=LINE \d: \.\.\.).*(?=\.\.\.)", "QUERY");
        text = Host().Replace(text, "HOST");
        text = User().Replace(text, "USER");
        text = HostList().Replace(text, "HOSTS");
        text = NumberList().Replace(text, "NUMBERS");
        text = Nested().Replace(text, "PROPERTIES");
        text = Regex.Replace(text, @"-?\d+", "N");
        return Regex.Replace(text, "[ \t]+", " ").Trim();
    }

    [GeneratedRegex(@"(\[ADMISSION RULE\] Set default walltime to \d+\.)|(# Set walltime to default \(\d+ s\)\.)")]
    private static partial Regex DefaultWalltime();

    [GeneratedRegex(@"# Filtering out exotic resources \([^)]*\)\.\n?")]
    private static partial Regex Exotic();

    [GeneratedRegex(@"127\.0\.0\.1|\bfarles\b|[a-z]+-\d+\.[a-z]+\.(grid\.test|grid5000\.fr)")]
    private static partial Regex Host();

    [GeneratedRegex(@"oaruser\d|jdoe|\bother\b")]
    private static partial Regex User();

    [GeneratedRegex(@"HOST(\+HOST)+")]
    private static partial Regex HostList();

    [GeneratedRegex(@"\d+(\+\d+)+")]
    private static partial Regex NumberList();

    [GeneratedRegex(@"(?<=properties = ).*")]
    private static partial Regex Nested();
}
