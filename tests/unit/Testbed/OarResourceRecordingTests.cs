using System.Text.Json;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

/// <summary>
/// The table of resources against recordings of it: for each type of resource the same columns, empty, numbers and texts in the same places.
/// </summary>
public partial class OarResourceRecordingTests
{
    // Columns of Grid'5000 that the recorded sites do not have.
    static readonly HashSet<string> s_own = ["queues", "slash_17", "slash_18", "slash_19", "slash_20", "slash_21"];

    [Theory]
    [InlineData("oarnodes-all", "-J")]
    [InlineData("oarnodes-one-host", "-J", "argon-1.arles.grid5000.fr")]
    [InlineData("oarnodes-one-resource", "-J", "-r", "1")]
    [InlineData("oarnodes-sql", "-J", "--sql", "type='kavlan-global'")]
    public async Task Rows_have_the_recorded_columns(string recording, params string[] arguments)
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarnodes", arguments);
        RecordedCommand real = RecordedCommand.Read($"oar/{recording}.txt");
        Assert.Equal(real.ExitStatus, answer.ExitCode);
        Assert.Equal(Columns(real.Output), Columns(answer.Output));
    }

    /// <summary>Of each type: column, kind of value.</summary>
    static IEnumerable<string> Columns(string json) => JsonDocument.Parse(json).RootElement.EnumerateObject()
        .SelectMany(row => row.Value.EnumerateObject().Where(c => !s_own.Contains(c.Name) && c.Name != "jobs")
            .Select(c => $"{row.Value.GetProperty("type").GetString()}: {c.Name}: {c.Value.ValueKind}"))
        .Distinct().Order(StringComparer.Ordinal);

    [Theory]
    [InlineData("oarnodes-states", false)]
    [InlineData("oarnodes-states-mixed", true)]
    public async Task States_are_listed_by_host_and_row(string recording, bool mixed)
    {
        await using OarLab lab = new OarLab().Started();
        if (mixed)
        {
            var sleeping = lab.World.Nodes["argon-1.arles.grid5000.fr"];
            (sleeping.OarState, sleeping.IsStandby) = ("Absent", true);
            lab.World.Nodes["argon-2.arles.grid5000.fr"].OarState = "Dead";
        }
        Answer answer = await lab.RunAsync("oarnodes", "-J", "-s");
        Assert.Equal(States(RecordedCommand.Read($"oar/{recording}.txt").Output), States(answer.Output));
    }

    static IEnumerable<string> States(string json) => JsonDocument.Parse(json).RootElement.EnumerateObject()
        .Select(host =>
            $"{host.Name.Split('.')[0]}: {host.Value.EnumerateObject().Count()} {string.Join(' ', host.Value.EnumerateObject().Select(r => r.Value.GetString()).Distinct())}")
        .Order(StringComparer.Ordinal);

    [Fact]
    public async Task The_list_of_nodes_begins_with_an_empty_line()
    {
        await using OarLab lab = new OarLab().Started();
        string[] real = RecordedCommand.Read("oar/oarnodes-list.txt").Output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal(real.Select(Short).Order(StringComparer.Ordinal),
            (await lab.RunAsync("oarnodes", "-l")).Lines.Select(Short).Order(StringComparer.Ordinal));
        Assert.Equal("", real[0]);

        static string Short(string host) => host.Split('.')[0];
    }

    [Fact]
    public async Task Properties_of_a_job_are_the_columns_that_are_not_OARs_own()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "{cluster='ambre'}/nodes=3,walltime=0:30", "sleep 1800");
        lab.Advance(20);
        Answer answer = await lab.RunAsync("oarstat", "-p", "-j", $"{job.Id}");
        Assert.Equal(Properties(RecordedCommand.Read("oar/oarstat-properties.txt").Output), Properties(answer.Output));
        Assert.Equal(48, answer.Lines.Count);
    }

    /// <summary>Whether a column is empty.</summary>
    static IEnumerable<string> Properties(string text) => PropertyPattern().Matches(text)
        .Where(m => !s_own.Contains(m.Groups[1].Value)).Select(m => $"{m.Groups[1].Value}: {(m.Groups[2].Length == 0 ? "empty" : "set")}")
        .Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex("(?: |^)([a-z_0-9]+) = '([^']*)' ")]
    private static partial Regex PropertyPattern();

    [Fact]
    public async Task The_number_of_a_vlan_is_among_the_properties_of_its_job()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "{type='kavlan'}/vlan=1+{cluster='argon'}/nodes=3,walltime=0:20", "sleep 1200");
        lab.Advance(20);
        string text = (await lab.RunAsync("oarstat", "-p", "-j", $"{job.Id}")).Output;
        IEnumerable<string> counted = VlanPattern().Matches(text).GroupBy(m => m.Value).Select(g => $"{g.Count(),7} {g.Key}");
        string real = RecordedCommand.Read("oar/oarstat-properties-vlan-number.txt").Output.Replace("grid.test", "grid5000.fr",
            StringComparison.Ordinal)
            .Replace("Fake Xeon", "Generic", StringComparison.Ordinal);
        Assert.Equal(real.ReplaceLineEndings("\n").Trim('\n').Split('\n').Order(StringComparer.Ordinal), counted.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("(type|vlan|network_address) = '[^']*'")]
    private static partial Regex VlanPattern();

    [Fact]
    public async Task Oarprint_gives_a_line_for_each_node_and_a_blank_one_for_the_vlan()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "{type='kavlan'}/vlan=1+{cluster='argon'}/nodes=2,walltime=0:20", "sleep 1200");
        lab.Advance(20);
        string properties = (await lab.RunAsync("oarstat", "-j", $"{job.Id}", "-p")).Output;
        Answer answer = await lab.RunAsAsync("jdoe", "arles", properties, "oarprint", "host", "-P", "eth_count,host", "-f", "-");
        string[] real = RecordedCommand.Read("oar/oarprint-from-oarstat.txt").Output.ReplaceLineEndings("\n")
            .Replace("grid.test", "grid5000.fr", StringComparison.Ordinal)
            .TrimEnd('\n').Split('\n');
        Assert.Equal(real.Order(StringComparer.Ordinal), answer.Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task States_can_be_had_in_other_formats()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "nodes=1,walltime=0:20", "sleep 1200");
        lab.Advance(20);
        string output = "", errors = "";
        foreach (string format in (string[])["-Y", "-X", "-D"])
        {
            Answer answer = await lab.RunAsync("oarstat", format, "-s", "-j", $"{job.Id}");
            Assert.Equal(0, answer.ExitCode);
            output += answer.Output.Length > 0 ? answer.Output + "\n" : "";
            errors += answer.Errors;
        }
        RecordedCommand real = RecordedCommand.Read("oar/oarstat-other-formats.txt");
        Assert.Equal(real.Output.ReplaceLineEndings("\n").TrimEnd('\n'),
            output.Replace($"{job.Id}", "200001", StringComparison.Ordinal).TrimEnd('\n'));
        Assert.Equal(real.Error.Trim(), errors.Trim());
    }

    [Theory]
    [InlineData("states-normal", false)]
    [InlineData("states-deleted", true)]
    public async Task A_job_passes_the_recorded_states(string recording, bool deleted)
    {
        using var home = new TemporaryFolder();
        await using OarLab lab = new OarLab([], home.Path).Started();
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-l", "nodes=1,walltime=0:05", deleted ? "sleep 300" : "sleep 0.3");
        var passed = new List<string> { job.State };
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while (!job.HasEnded && limit.Elapsed < TimeSpan.FromSeconds(20))
        {
            // The command runs in real time: nothing moves the clock while it does.
            if (job.State == "Running" && !deleted) await Task.Delay(10);
            else lab.Advance(0.1);
            if (passed[^1] == job.State) continue;
            passed.Add(job.State);
            if (deleted && job.State == "Running") await lab.RunAsync("oardel", $"{job.Id}");
        }
        Assert.Equal(Samples.Read($"oar/{recording}.txt").ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(l => l.Split('|')[0]), passed);
    }
}
