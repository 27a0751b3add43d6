using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Oar;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

/// <summary>What the command of a job finds around it, and what one sees of an interactive job, against recordings.</summary>
public partial class OarSurroundingsTests
{
    [Fact]
    public async Task A_command_finds_the_recorded_variables()
    {
        await using OarLab lab = new OarLab().Started();
        Answer made = await lab.RunAsAsync("oaruser1", "arles", "", "oarsub", "-t", "cosystem", "-l", "nodes=2,walltime=0:05", "sleep 60");
        WaltG5k.Testbed.Oar.Jobs.OarJob job = lab.Arles.Jobs[made.JobId];
        // OARDO_UID and the like are of OAR's own programs.
        IEnumerable<string> recorded = Samples.Read("oar/job-environment.txt").ReplaceLineEndings("\n")
            .Replace("100030", $"{job.Id}", StringComparison.Ordinal)
            .Split('\n').Where(l => l.StartsWith("OAR_", StringComparison.Ordinal));
        IEnumerable<string> ours = JobEnvironment.Create(job, JobEnvironment.NodeFile(job)).Select(v => $"{v.Key}={v.Value}");
        Assert.Equal(recorded.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_id_is_found_on_a_terminal()
    {
        var output = new OarSubmitOutput();
        foreach (string line in RecordedCommand.Read("oar/interactive-session.txt").Output.Split('\n')) output.Take(line);
        Assert.Equal([100188L], output.JobIds);
        Assert.Equal(["Modify resource description with type constraints"], output.Remarks);
    }

    [Fact]
    public async Task An_interactive_job_says_what_the_real_one_says()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        var terminal = new ScriptedTerminal("exit");
        await grid.GetFrontend("nancy").RunInteractiveAsync(new CommandRequest("oarsub", "-I", "-t", "deploy", "-l", "nodes=2,walltime=0:05"),
            terminal);
        string[] said = Sentences(terminal.Screen);
        Assert.Equal(6, said.Length);
        Assert.Equal(Sentences(RecordedCommand.Read("oar/interactive-session.txt").Output.Replace("job=100188 nodes=2", "",
            StringComparison.Ordinal)), said);
    }

    [Fact]
    public void The_versions_are_the_recorded_ones() =>
        Assert.Equal([OarPart.VersionLine, OarPart.VersionLine], RecordedCommand.Read("oar/version-arles.txt").Output.Split('\n')[..2]);

    /// <summary>What OAR said, without the rules of the site, prompts, numbers and names.</summary>
    static string[] Sentences(string screen) => [.. Escapes().Replace(screen.ReplaceLineEndings("\n"), "").Split('\n').Select(l => l.Trim())
        .Where(l => l.Length > 0 && l[0] is not ('[' or '#') && !l.Contains('@', StringComparison.Ordinal))
        .Select(l => Names().Replace(l, "X"))];

    [GeneratedRegex(@"\e\[[?0-9;]*[A-Za-z]|\e\][^\a]*\a|\r")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"(?<=node )\S+|[0-9]{2,}")]
    private static partial Regex Names();
}
