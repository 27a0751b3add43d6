using System.Text.Json;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

public class OarstatTests
{
    /// <summary>The one job of a recorded answer to <c>oarstat -J -f</c>: its keys and what kind of value each holds.</summary>
    static Dictionary<string, JsonValueKind> ReadShape(string sample)
    {
        string text = Samples.Read($"oar/{sample}.txt");
        int start = text.IndexOf('{', StringComparison.Ordinal), end = text.LastIndexOf('}');
        return Shape(JsonDocument.Parse(text[start..(end + 1)]).RootElement.EnumerateObject().First().Value);
    }

    static Dictionary<string, JsonValueKind> Shape(JsonElement job) => job.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ValueKind);

    static async Task AssertShapeAsync(OarLab lab, OarJob job, string sample) =>
        Assert.Equal(ReadShape(sample).OrderBy(p => p.Key), Shape(await lab.ShowAsync(job)).OrderBy(p => p.Key));

    [Fact]
    public async Task Jobs_look_like_the_recorded_ones_in_every_state()
    {
        await using OarLab lab = new OarLab().Started();
        string[] deploy = ["-J", "-t", "deploy"];
        OarJob waiting = await lab.SubmitAsync([.. deploy, "-l", "nodes=3,walltime=0:30", "sleep 1800"]);
        await AssertShapeAsync(lab, waiting, "job-waiting-not-yet-scheduled");
        OarJob vlan = await lab.SubmitAsync([.. deploy, "-l", "{type='kavlan'}/vlan=1+{cluster='argon' and eth_count>=2}/nodes=3,walltime=0:20",
            "sleep 1200"]);
        OarJob noop = await lab.SubmitAsync("-t", "noop", "-l", "nodes=1,walltime=0:30");
        OarJob short_ = await lab.SubmitAsync([.. deploy, "-l", "nodes=1,walltime=0:0:10", "sleep 600"]);
        OarJob deleted = await lab.SubmitAsync([.. deploy, "-l", "nodes=1,walltime=1", "sleep 600"]);
        lab.Advance(8);
        await lab.RunAsync("oardel", $"{deleted.Id}");
        lab.Advance(40);
        await AssertShapeAsync(lab, vlan, "job-running-kavlan");
        await AssertShapeAsync(lab, noop, "job-running-noop");
        await AssertShapeAsync(lab, short_, "job-error-walltime");
        await AssertShapeAsync(lab, deleted, "job-error-deleted");

        OarJob reservation = await lab.SubmitAsync([.. deploy, "-r", lab.In(600), "-l", "nodes=2,walltime=0:05"]);
        await AssertShapeAsync(lab, reservation, "reservation-waiting");
        lab.Advance(700);
        await AssertShapeAsync(lab, reservation, "reservation-running-late");
        // Just after the end the prediction is still there.
        while (!reservation.HasEnded) lab.Advance(1);
        await AssertShapeAsync(lab, reservation, "reservation-ended");
        lab.Advance(5);
        Assert.Null(reservation.Progress.ScheduledStart);
        OarJob gone = await lab.SubmitAsync([.. deploy, "-r", lab.In(9000), "-l", "nodes=2,walltime=0:05"]);
        await lab.RunAsync("oardel", $"{gone.Id}");
        lab.Advance(10);
        await AssertShapeAsync(lab, gone, "reservation-deleted-before-start");
    }

    [Fact]
    public async Task A_job_whose_only_node_is_absent_waits_without_prediction()
    {
        await using OarLab lab = new OarLab().Started();
        lab.World.Nodes["argon-1.arles.grid5000.fr"].OarState = "Absent";
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "{host in ('argon-1.arles.grid5000.fr')}/nodes=1,walltime=0:05", "sleep 60");
        lab.Advance(5);
        await AssertShapeAsync(lab, job, "job-waiting-no-matching-slot");
        Assert.Equal("No enough matching resources (no_matching_slot)", job.Progress.Message);
        lab.World.Nodes["argon-1.arles.grid5000.fr"].OarState = "Alive";
        lab.Advance(70);
        Assert.Equal("Running", job.State);
    }

    [Fact]
    public async Task An_unknown_job_gives_nothing_or_an_empty_object()
    {
        await using OarLab lab = new OarLab().Started();
        foreach (string[] arguments in (string[][])[["-J", "-f", "-j", "99999"], ["-J", "-j", "99999"], ["-s", "-j", "99999"],
            ["-J", "-u", "nobody"], ["-J"]])
        {
            Answer answer = await lab.RunAsync("oarstat", arguments);
            Assert.Equal((0, "", ""), (answer.ExitCode, answer.Output, answer.Errors));
        }
        Assert.Equal("{}", (await lab.RunAsync("oarstat", "-J", "-s", "-j", "99999")).Output);
    }

    [Fact]
    public async Task Several_ids_are_told_apart_and_unknown_ones_left_out()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob one = await lab.SubmitAsync("-l", "nodes=1,walltime=1", "true"), two = await lab.SubmitAsync("-l", "nodes=1,walltime=1", "true");
        JsonElement json = (await lab.RunAsync("oarstat", "-Jf", "-j", $"{one.Id}", "-j", "99999", "-j", $"{two.Id}")).Json;
        Assert.Equal([$"{one.Id}", $"{two.Id}"], json.EnumerateObject().Select(p => p.Name).Order());
        Answer comma = await lab.RunAsync("oarstat", "-J", "-j", $"{one.Id},{two.Id}");
        Assert.Equal((255, @"/!\ ERROR: No job id provided in command line or environment variables"), (comma.ExitCode, comma.Errors));
        lab.Advance(10);
        Answer states = await lab.RunAsync("oarstat", "-s", "-j", $"{one.Id}", "-j", $"{two.Id}");
        Assert.Equal($"{one.Id}: Running\n{two.Id}: Running", states.Output);
        Assert.Equal($"{{\n   \"{one.Id}\" : \"Running\"\n}}", (await lab.RunAsync("oarstat", "-J", "-s", "-j", $"{one.Id}")).Output);
    }

    [Fact]
    public async Task Keys_come_in_another_order_at_every_call()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=1", "true");
        var orders = new HashSet<string>();
        for (int i = 0; i < 4; i++) orders.Add(string.Join(' ', (await lab.ShowAsync(job)).EnumerateObject().Select(p => p.Name)));
        Assert.True(orders.Count > 1);
    }

    [Fact]
    public async Task Only_jobs_that_have_not_ended_are_listed_unless_named_by_array_or_sql()
    {
        await using OarLab lab = new OarLab().Started();
        Answer array = await lab.RunAsync("oarsub", "--array", "2", "-l", "nodes=1,walltime=0:01", "true");
        await lab.RunAsAsync("other", "arles", "", "oarsub", "-l", "nodes=1,walltime=1", "true");
        Assert.Equal(3, (await lab.RunAsync("oarstat", "-J")).Json.EnumerateObject().Count());
        Assert.Equal(2, (await lab.RunAsync("oarstat", "-J", "-u")).Json.EnumerateObject().Count());
        Assert.Single((await lab.RunAsync("oarstat", "-J", "-u", "other")).Json.EnumerateObject());
        lab.Advance(100);
        Assert.Empty((await lab.RunAsync("oarstat", "-J", "-u")).Output);
        Assert.Equal(2, (await lab.RunAsync("oarstat", "-J", "--array", $"{array.JobId}")).Json.EnumerateObject().Count());
        Assert.Equal(2, (await lab.RunAsync("oarstat", "-J", "--sql", "state='Error' AND job_user='jdoe'")).Json.EnumerateObject().Count());
        Answer broken = await lab.RunAsync("oarstat", "-J", "--sql", "nosuch='x'");
        Assert.Equal((0, ""), (broken.ExitCode, broken.Output));
    }

    [Fact]
    public async Task Another_users_job_hides_only_what_was_typed()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-J", "-l", "nodes=1,walltime=1", "sleep 1800");
        Answer answer = await lab.RunAsAsync("other", "arles", "", "oarstat", "-J", "-f", "-j", $"{job.Id}");
        JsonElement shown = answer.Json.GetProperty($"{job.Id}");
        Assert.Equal(("", "sleep 1800"), (shown.GetProperty("initial_request").GetString(), shown.GetProperty("command").GetString()));
        Assert.Equal("oarsub -J -l nodes=1,walltime=1 sleep 1800", (await lab.ShowAsync(job)).GetProperty("initial_request").GetString());
    }

    [Fact]
    public async Task The_vlan_is_a_resource_without_an_address_and_its_number_only_in_the_properties()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "{type='kavlan'}/vlan=1+{cluster='argon'}/nodes=2,walltime=0:20", "sleep 1200");
        lab.Advance(10);
        Assert.Equal([4], job.Vlans.Select(v => v.Id));
        JsonElement shown = await lab.ShowAsync(job);
        Assert.Equal(2, shown.GetProperty("assigned_network_address").GetArrayLength());
        Assert.Equal(17, shown.GetProperty("assigned_resources").GetArrayLength());
        Answer properties = await lab.RunAsync("oarstat", "-J", "-p", "-j", $"{job.Id}");
        Assert.Equal(17, properties.Lines.Count);
        string vlan = Assert.Single(properties.Lines, l => l.Contains(" type = 'kavlan' ", StringComparison.Ordinal));
        Assert.Contains(" vlan = '4' ", vlan, StringComparison.Ordinal);
        Assert.Contains(" network_address = '' ", vlan, StringComparison.Ordinal);

        string input = string.Join('\n', properties.Lines);
        Answer printed = await lab.RunAsAsync("jdoe", "arles", input, "oarprint", "host", "-P", "eth_count,host", "-f", "-");
        Assert.Equal([" ", "2 argon-1.arles.grid5000.fr", "2 argon-10.arles.grid5000.fr"], printed.Lines.Order(StringComparer.Ordinal));
        Answer vlans = await lab.RunAsAsync("jdoe", "arles", input, "oarprint", "vlan", "-f", "-");
        Assert.Equal(["", "4"], vlans.Lines.Order(StringComparer.Ordinal));
        Answer formatted = await lab.RunAsAsync("jdoe", "arles", input, "oarprint", "host", "-P", "eth_count,host", "-F", "%:%", "-f", "-");
        Assert.Contains("2:argon-1.arles.grid5000.fr", formatted.Lines);
    }

    [Fact]
    public async Task Properties_have_the_columns_of_the_recorded_ones()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=1", "true");
        lab.Advance(10);
        string line = (await lab.RunAsync("oarstat", "-p", "-j", $"{job.Id}")).Lines[0];
        string recorded = Samples.Read("oar/oarstat-properties.txt").Split('\n').First(l => l.Contains(" = '", StringComparison.Ordinal));
        static IEnumerable<string> Names(string text) => text.Split(" , ").Select(p => p.Trim().Split(' ')[0]);
        Assert.Empty(Names(recorded).Except(Names(line)));
        Assert.StartsWith(" ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Oarprint_fails_on_an_unknown_property_and_on_no_input()
    {
        await using OarLab lab = new OarLab().Started();
        Answer unknown = await lab.RunAsAsync("jdoe", "arles", " host = 'a' , vlan = '' ", "oarprint", "nosuch", "-f", "-");
        Assert.Equal((255, "/usr/bin/oarprint: Unknown property 'nosuch'"), (unknown.ExitCode, unknown.Errors));
        Assert.Equal(255, (await lab.RunAsAsync("jdoe", "arles", "", "oarprint", "host", "-f", "-")).ExitCode);
    }

    [Fact]
    public async Task Events_and_the_table_are_text()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=0:01", "true");
        lab.Advance(10);
        Answer table = await lab.RunAsync("oarstat");
        Assert.Equal("Job id    S User     Duration   System message", table.Lines[0]);
        Assert.Matches($@"^{job.Id}   R jdoe        0:00:\d\d R=16,W=0:1:0,J=B \(Karma=0.000,quota_ok\)$", table.Lines[2]);
        lab.Advance(100);
        Answer events = await lab.RunAsync("oarstat", "-J", "-e", "-j", $"{job.Id}");
        Assert.Matches($@"^2026-03-24 10:01:\d\d> \[{job.Id}\] FRAG_JOB_REQUEST: User root requested to frag the job {job.Id}$", events.Lines[0]);
        Answer full = await lab.RunAsync("oarstat", "-f", "-j", $"{job.Id}");
        Assert.Contains("    walltime = 0:1:0", full.Lines);
    }

    [Fact]
    public async Task The_gantt_shows_running_and_predicted_jobs_of_a_period()
    {
        await using OarLab lab = new OarLab([], nodes: 2).Started();
        OarJob running = await lab.SubmitAsync("-t", "deploy", "-l", "{cluster='argon'}/nodes=2,walltime=1", "true");
        OarJob next = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=1,walltime=1", "true");
        lab.Advance(10);
        JsonElement gantt = (await lab.RunAsync("oarstat", "-J", "--gantt", $"{lab.In(0)}, {lab.In(9000)}")).Json;
        Assert.Equal([$"{running.Id}", $"{next.Id}"], gantt.GetProperty("jobs").EnumerateObject().Select(j => j.Name).Order());
        Assert.Equal(16, gantt.GetProperty("jobs").GetProperty($"{running.Id}").GetProperty("types").GetArrayLength());
        Assert.Equal(1, (await lab.RunAsync("oarstat", "-J", "--gantt", "2026-11-19, 2026-11-21")).ExitCode);
    }
}
