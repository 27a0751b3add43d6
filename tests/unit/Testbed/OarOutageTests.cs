using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Oar;

namespace WaltG5k.Tests.Testbed;

/// <summary>What OAR's interface does while its database is down or a reservation is not answered yet, and how long commands sleep.</summary>
public class OarOutageTests
{
    const string Reservation = """{"resource":"nodes=1,walltime=0:10","type":"deploy","command":"sleep 600","reservation":"2030-03-25 08:13:29"}""";

    static Task<TestbedGrid> OpenAsync(params string[] faults) => TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = faults });

    static OarServer Nancy(TestbedGrid grid) => grid.World.Parts.OfType<OarPart>().Single().Servers["nancy"];

    [Fact]
    public async Task A_job_posted_while_the_database_is_down_is_made_when_it_returns_although_its_client_gave_up()
    {
        await using TestbedGrid grid = await OpenAsync("oar-database-down:nancy*2");
        int before = Nancy(grid).Read(_ => Nancy(grid).Jobs.Count);
        using var impatience = new CancellationTokenSource();
        Task<HttpResponseMessage> post = grid.GetOarApi("nancy")!.PostAsync("jobs.json",
            new StringContent("""{"resource":"nodes=1,walltime=0:10","command":"sleep 600"}"""), impatience.Token);
        await Task.Delay(TimeSpan.FromSeconds(10), grid.Time);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
        Assert.Equal(before, Nancy(grid).Read(_ => Nancy(grid).Jobs.Count));
        await Task.Delay(TimeSpan.FromSeconds(120), grid.Time);
        Assert.Equal(before + 1, Nancy(grid).Read(_ => Nancy(grid).Jobs.Count));
    }

    [Fact]
    public async Task A_program_that_is_cancelled_while_the_database_is_down_makes_its_job_all_the_same()
    {
        await using TestbedGrid grid = await OpenAsync("oar-database-down:nancy*2");
        using var impatience = new CancellationTokenSource();
        Task<CommandResult> run = grid.GetFrontend("nancy")
            .RunAsync(new CommandRequest("oarsub", "-l", "nodes=1,walltime=0:10", "sleep 600"), cancellationToken: impatience.Token);
        await Task.Delay(TimeSpan.FromSeconds(10), grid.Time);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.DoesNotContain(Nancy(grid).Jobs.Values, j => j.User == grid.User);
        await Task.Delay(TimeSpan.FromSeconds(120), grid.Time);
        Assert.Contains(Nancy(grid).Jobs.Values, j => j.User == grid.User);
    }

    [Fact]
    public async Task The_list_of_jobs_leaves_out_a_reservation_until_it_is_answered()
    {
        await using TestbedGrid grid = await OpenAsync("oar-slow-validation:nancy=30");
        HttpClient api = grid.GetOarApi("nancy")!;
        Task<HttpResponseMessage> post = api.PostAsync("jobs.json", new StringContent(Reservation));
        await Task.Delay(TimeSpan.FromSeconds(10), grid.Time);
        Assert.Contains(Nancy(grid).Jobs.Values, j => j.Progress.Reservation == "toSchedule");
        Assert.Equal(0, await CountAsync());
        await post;
        Assert.Equal(1, await CountAsync());

        async Task<int> CountAsync() =>
            JsonDocument.Parse(await api.GetStringAsync(new Uri(api.BaseAddress!, $"jobs.json?user={grid.User}"))).RootElement.GetProperty("total")
            .GetInt32();
    }

    [Theory]
    [InlineData(3600, "1h")]
    [InlineData(120, "2m")]
    [InlineData(90, "1m", "30s")]
    [InlineData(43200, "0.5d")]
    public async Task A_command_sleeps_as_long_as_its_units_say(double seconds, params string[] intervals)
    {
        await using TestbedGrid grid = await OpenAsync();
        DateTimeOffset start = grid.Time.GetUtcNow();
        CommandResult result = await grid.GetFrontend("nancy")
            .RunAsync(new CommandRequest(["sleep", .. intervals]) { Timeout = TimeSpan.FromDays(1) });
        Assert.Equal(0, result.ExitStatus);
        Assert.InRange((grid.Time.GetUtcNow() - start).TotalSeconds, seconds, seconds + 5);
    }

    [Fact]
    public async Task An_interval_that_is_none_is_refused()
    {
        await using TestbedGrid grid = await OpenAsync();
        CommandResult result = await grid.GetFrontend("nancy").RunAsync(new CommandRequest("sleep", "1x"));
        Assert.Equal(1, result.ExitStatus);
    }
}
