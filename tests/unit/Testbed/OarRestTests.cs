using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Testbed;

/// <summary>OAR's own REST interface, as clients reach it.</summary>
public class OarRestTests
{
    static Task<TestbedGrid> OpenAsync(params string[] faults) => TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = faults });

    [Fact]
    public async Task A_job_is_submitted_read_changed_and_deleted()
    {
        await using TestbedGrid grid = await OpenAsync();
        HttpClient api = grid.GetOarApi("nancy")!;
        Assert.EndsWith("/oarapi/", api.BaseAddress!.AbsolutePath, StringComparison.Ordinal);
        HttpResponseMessage made = await api.PostAsJsonAsync("jobs.json",
            new { resource = "nodes=1,walltime=1", type = new[] { "deploy" }, command = "sleep 3000", name = "é" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("ISO-8859-1", made.Content.Headers.ContentType!.CharSet);
        long id = JsonDocument.Parse(await made.Content.ReadAsByteArrayAsync()).RootElement.GetProperty("id").GetInt64();
        await Task.Delay(TimeSpan.FromSeconds(60), grid.Time);
        JsonElement job = JsonDocument.Parse(await api.GetByteArrayAsync($"jobs/{id}.json")).RootElement;
        Assert.Equal(("Running", "é", 3600), (job.GetProperty("state").GetString(), job.GetProperty("name").GetString(),
            job.GetProperty("walltime").GetInt32()));
        HttpResponseMessage changed = await api.PostAsJsonAsync($"jobs/{id}.json", new { method = "walltime-change", walltime = "+0:10" });
        Assert.Equal(HttpStatusCode.Accepted, changed.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await api.DeleteAsync($"jobs/{id}.json")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.DeleteAsync($"jobs/{id}.json")).StatusCode);
        await Task.Delay(TimeSpan.FromSeconds(60), grid.Time);
        Assert.Equal("Error", JsonDocument.Parse(await api.GetByteArrayAsync($"jobs/{id}.json")).RootElement.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_joined_testbed_has_it_too_and_an_unknown_site_has_none()
    {
        using var folder = new TemporaryFolder();
        await using TestbedGrid owner = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 1000, StatePath = folder.Path });
        await using TestbedGrid joined = await TestbedGrid.OpenAsync(new TestbedOptions { StatePath = folder.Path });
        JsonElement who = await joined.GetOarApi("rennes")!.GetFromJsonAsync<JsonElement>("whoami.json");
        Assert.Equal("jdoe", who.GetProperty("authenticated_user").GetString());
        Assert.Null(owner.GetOarApi("nowhere"));
    }

    [Fact]
    public async Task It_can_be_down_while_the_commands_work()
    {
        await using TestbedGrid grid = await OpenAsync("oar-rest-down:nancy");
        Assert.Equal(HttpStatusCode.BadGateway, (await grid.GetOarApi("nancy")!.GetAsync("jobs.json")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await grid.GetOarApi("rennes")!.GetAsync("jobs.json")).StatusCode);
        Assert.Equal(0, (await grid.GetFrontend("nancy").RunAsync(new CommandRequest("oarstat", "-J"))).ExitStatus);
    }
}
