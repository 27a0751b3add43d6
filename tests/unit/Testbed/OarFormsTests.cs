using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Oar;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

/// <summary>Less common forms of the emulated OAR, and its faults.</summary>
public class OarFormsTests
{
    static Task<TestbedGrid> OpenAsync(params string[] faults) => TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = faults });

    static Task<CommandResult> RunAsync(TestbedGrid grid, params string[] words) => grid.GetFrontend("nancy").RunAsync(new CommandRequest(words));

    static OarServer Nancy(TestbedGrid grid) => grid.World.Parts.OfType<OarPart>().Single().Servers["nancy"];

    [Fact]
    public async Task Directives_in_a_script_are_options()
    {
        await using TestbedGrid grid = await OpenAsync();
        string script = "#!/bin/bash\n#OAR -l nodes=2,walltime=0:03\n#OAR -t deploy\n#OAR -n \"my script\"\nhostname\n";
        await grid.GetFrontend("nancy").RunAsync(new CommandRequest("tee", "job.sh") { Input = script });
        CommandResult result = await RunAsync(grid, "oarsub", "-J", "-S", "./job.sh");
        Assert.Equal(0, result.ExitStatus);
        OarJob job = Nancy(grid).Jobs.Values.Last();
        Assert.Equal(("my script", 180, true), (job.Name, job.Walltime, job.Submission.IsDeploy));
        Assert.Equal("oarsub -J -S ./job.sh; #OAR -l nodes=2,walltime=0:03; #OAR -t deploy; #OAR -n \"my script\"", job.Submission.InitialRequest);
        Assert.NotEqual(0, (await RunAsync(grid, "oarsub", "-S", "./missing.sh")).ExitStatus);
    }

    [Fact]
    public async Task Each_line_of_a_parameter_file_is_a_job()
    {
        await using TestbedGrid grid = await OpenAsync();
        await grid.GetFrontend("nancy").RunAsync(new CommandRequest("tee", "params") { Input = "# remark\na 1\n\nb 2\n" });
        CommandResult result = await RunAsync(grid, "oarsub", "--array-param-file", "params", "-l", "nodes=1,walltime=0:03", "echo");
        Assert.Equal((0, "Extended array job submission is used\n"), (result.ExitStatus, result.Error));
        Assert.Equal(["echo a 1", "echo b 2"], Nancy(grid).Jobs.Values.Select(j => j.Submission.Command));
        Assert.Contains("OAR_ARRAY_ID=", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_ends_the_command_with_its_number()
    {
        await using TestbedGrid grid = await OpenAsync();
        await RunAsync(grid, "oarsub", "-t", "deploy", "-l", "nodes=1,walltime=1", "sleep 3000");
        OarJob job = Nancy(grid).Jobs.Values.Last();
        await Task.Delay(TimeSpan.FromSeconds(30), grid.Time);
        Assert.Equal(0, (await RunAsync(grid, "oardel", "-s", "SIGUSR1", $"{job.Id}")).ExitStatus);
        await Task.Delay(TimeSpan.FromSeconds(10), grid.Time);
        Assert.Equal(("Terminated", 10), (job.State, job.Progress.ExitCode));
        Assert.Equal(["SIGNAL_SIGUSR1", "SIG_SUCCESS", "SWITCH_INTO_TERMINATE_STATE"], job.Progress.Events.Select(e => e.Type));
    }

    [Fact]
    public async Task Reading_programs_give_up_without_the_database_and_the_others_wait_for_it()
    {
        await using TestbedGrid grid = await OpenAsync("oar-database-down:nancy*3");
        CommandResult read = await RunAsync(grid, "oarstat", "-J");
        Assert.Equal((25, "DB connection error, exiting.\n"), (read.ExitStatus, read.Error));
        DateTimeOffset before = grid.Time.GetUtcNow();
        CommandResult submitted = await grid.GetFrontend("nancy")
            .RunAsync(new CommandRequest("oarsub", "-l", "nodes=1,walltime=1", "sleep 3") { Timeout = TimeSpan.FromMinutes(10) });
        Assert.Equal(0, submitted.ExitStatus);
        Assert.InRange((grid.Time.GetUtcNow() - before).TotalSeconds, 60, 70);
    }

    [Fact]
    public async Task A_reservation_may_be_answered_late()
    {
        await using TestbedGrid grid = await OpenAsync("oar-slow-validation:nancy*1=45");
        DateTimeOffset before = grid.Time.GetUtcNow();
        CommandResult result = await RunAsync(grid, "oarsub", "-t", "deploy", "-r", OarFormat.Date(before.AddHours(2).ToUnixTimeSeconds()), "-l",
            "nodes=1,walltime=1");
        Assert.Equal(0, result.ExitStatus);
        Assert.InRange((grid.Time.GetUtcNow() - before).TotalSeconds, 45, 50);
    }

    [Fact]
    public async Task A_reservation_whose_nodes_are_lost_starts_late_with_fewer_and_a_cut_walltime()
    {
        await using TestbedGrid grid = await OpenAsync("oar-loses-nodes:nancy*1=1");
        DateTimeOffset before = grid.Time.GetUtcNow();
        await RunAsync(grid, "oarsub", "-t", "deploy", "-r", OarFormat.Date(before.AddMinutes(10).ToUnixTimeSeconds()), "-l",
            "{cluster='gros'}/nodes=3,walltime=1");
        OarJob job = Nancy(grid).Jobs.Values.Last();
        await Task.Delay(TimeSpan.FromMinutes(11), grid.Time);
        Assert.Equal("Waiting", job.State);
        await Task.Delay(TimeSpan.FromMinutes(6), grid.Time);
        Assert.Equal(("Running", 2), (job.State, job.Nodes.Count));
        Assert.InRange(job.Walltime, 3280, 3300);
        Assert.Equal(["SCHEDULER_REDUCE_NB_NODES_FOR_RESERVATION", "REDUCE_RESERVATION_WALLTIME"], job.Progress.Events.Select(e => e.Type));
    }

    [Fact]
    public async Task The_status_tells_of_reservations_of_nodes_vlans_and_subnets_and_of_nodes_on_standby()
    {
        await using TestbedGrid grid = await OpenAsync("node-standby:gros-2");
        await RunAsync(grid, "oarsub", "-t", "deploy", "-r", OarFormat.Date(grid.Time.GetUtcNow().AddHours(2).ToUnixTimeSeconds()), "-l",
            "slash_22=1+{type='kavlan'}/vlan=1+{cluster='gros'}/nodes=1,walltime=1");
        JsonElement status = JsonDocument.Parse(await grid.Api.GetStringAsync("sites/nancy/status")).RootElement;
        JsonElement reservation = Held(status, "nodes");
        Assert.Equal((0, 3600), (reservation.GetProperty("started_at").GetInt64(), reservation.GetProperty("walltime").GetInt32()));
        Assert.True(reservation.GetProperty("scheduled_at").GetInt64() > 0);
        Assert.False(reservation.TryGetProperty("events", out _));
        Assert.Equal(reservation.GetProperty("uid").GetInt64(), Held(status, "vlans").GetProperty("uid").GetInt64());
        Assert.Equal(reservation.GetProperty("uid").GetInt64(), Held(status, "subnets").GetProperty("uid").GetInt64());
        Assert.Equal("standby", status.GetProperty("nodes").GetProperty("gros-2.nancy.grid5000.fr").GetProperty("hard").GetString());
        Assert.Equal(JsonValueKind.Object, status.GetProperty("disks").ValueKind);
        JsonElement small = JsonDocument.Parse(await grid.Api.GetStringAsync(
            "sites/nancy/status?disks=no&vlans=no&subnets=no&waiting=no")).RootElement;
        Assert.False(small.TryGetProperty("vlans", out _) || small.TryGetProperty("disks", out _) || small.TryGetProperty("subnets", out _));
        Assert.All(small.GetProperty("nodes").EnumerateObject(), n => Assert.Equal(0, n.Value.GetProperty("reservations").GetArrayLength()));
    }

    static JsonElement Held(JsonElement status, string kind) =>
        status.GetProperty(kind).EnumerateObject().Select(n => n.Value.GetProperty("reservations")).First(r => r.GetArrayLength() > 0)[0];
}
