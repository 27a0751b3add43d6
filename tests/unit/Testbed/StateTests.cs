using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Testbed;

public sealed class StateTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    string StateFile => Path.Combine(_folder.Path, "state.json");

    public void Dispose() => _folder.Dispose();

    TestbedOptions Options => new() { Speed = 0, StatePath = _folder.Path };

    [Fact]
    public async Task A_testbed_opened_again_goes_on_where_it_was()
    {
        DateTimeOffset ended;
        await using (TestbedGrid grid = await TestbedGrid.OpenAsync(Options))
        {
            grid.World.Nodes["gros-1.nancy.grid5000.fr"].Vlans["eth1"] = "4";
            grid.World.Sites["nancy"].Vlans[4].DhcpEnabled = false;
            await File.WriteAllTextAsync(Path.Combine(grid.HomeDirectory, "note"), "mine");
            await Task.Delay(TimeSpan.FromHours(3), grid.Time);
            ended = grid.Time.GetUtcNow();
        }
        await using TestbedGrid again = await TestbedGrid.OpenAsync(Options);
        Assert.Equal("4", again.World.Nodes["gros-1.nancy.grid5000.fr"].GetVlan("eth1"));
        Assert.False(again.World.Sites["nancy"].Vlans[4].DhcpEnabled);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(again.HomeDirectory, "note")));
        Assert.Equal(ended, again.Time.GetUtcNow());
    }

    [Fact]
    public async Task Deployments_of_the_API_outlive_the_testbed()
    {
        ApiDeployment ended, running;
        await using (TestbedGrid grid = await TestbedGrid.OpenAsync(Options))
        {
            foreach (int id in (int[])[1, 2])
            {
                var job = new JobModel("nancy", id) { User = grid.User, State = "Running" };
                job.Types.Add("deploy");
                job.Nodes.Add(grid.World.Nodes[$"gros-{id}.nancy.grid5000.fr"]);
                lock (grid.World.Sync) grid.World.Jobs[("nancy", id)] = job;
            }
            var api = new DeploymentApi(grid, "nancy");
            ended = await api.SubmitAsync(new ApiDeploymentRequest { Nodes = ["gros-1.nancy.grid5000.fr"], Environment = "debian12-min", Vlan = 4,
                Key = "ssh-ed25519 AAAA me" });
            ended = (await api.WatchAsync(ended.Id, TimeSpan.FromHours(1)).ToListAsync())[^1];
            running = await api.SubmitAsync(new ApiDeploymentRequest { Nodes = ["gros-2.nancy.grid5000.fr"], Environment = "debian12-min" });
        }
        await using TestbedGrid again = await TestbedGrid.OpenAsync(Options);
        var later = new DeploymentApi(again, "nancy");
        ApiDeployment found = (await later.GetAsync(ended.Id))!;
        Assert.Equal((ended.Status, ended.User, ended.Environment, ended.Vlan, ended.CreatedAt, ended.UpdatedAt), (found.Status, found.User,
            found.Environment, found.Vlan, found.CreatedAt, found.UpdatedAt));
        Assert.Equal(ended.Results, found.Results);
        // What ran then is lost: Kadeploy does not know it any more.
        Assert.Equal(ApiDeploymentStatus.Error, (await later.RefreshAsync(running.Id)).Status);
    }

    [Fact]
    public async Task A_change_is_saved_while_the_testbed_runs()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(Options);
        grid.World.Nodes["gros-1.nancy.grid5000.fr"].Vlans["eth1"] = "4";
        grid.World.NotifyChanged();
        long started = Stopwatch.GetTimestamp();
        while (!File.Exists(StateFile) || !(await File.ReadAllTextAsync(StateFile)).Contains("gros-1.nancy", StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "nothing was saved");
            await Task.Delay(20);
        }
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(await File.ReadAllTextAsync(StateFile)).RootElement.ValueKind);
    }

    [Fact]
    public async Task Can_begin_anew()
    {
        await using (TestbedGrid grid = await TestbedGrid.OpenAsync(Options)) grid.World.Sites["nancy"].Vlans[4].DhcpEnabled = false;
        await using TestbedGrid anew = await TestbedGrid.OpenAsync(Options with { Fresh = true });
        Assert.True(anew.World.Sites["nancy"].Vlans[4].DhcpEnabled);
        Assert.Equal(Options.Start, anew.Time.GetUtcNow());
    }

    [Fact]
    public async Task Keeps_its_size()
    {
        await using (TestbedGrid grid = await TestbedGrid.OpenAsync(Options with { NodeCount = 1500 })) Assert.True(grid.World.Nodes.Count >= 1500);
        await using TestbedGrid again = await TestbedGrid.OpenAsync(Options);
        Assert.True(again.World.Nodes.Count >= 1500);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\": 1, \"clo")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"version\": 99, \"clock\": \"2026-03-24T09:00:00+00:00\", \"nodeCount\": 0, \"parts\": {}}")]
    [InlineData("{\"version\": 1, \"clock\": \"yesterday\", \"nodeCount\": 0, \"parts\": {}}")]
    [InlineData("{\"version\": 1, \"clock\": \"2026-03-24T09:00:00+00:00\", \"nodeCount\": 0, \"parts\": {\"kavlan\": 7}}")]
    public async Task A_state_that_cannot_be_read_is_told_and_can_be_left_behind(string text)
    {
        await File.WriteAllTextAsync(StateFile, text);
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => TestbedGrid.OpenAsync(Options));
        Assert.Equal(("TestbedStateCorrupt", ErrorKind.InvalidData), (error.Code, error.Kind));
        Assert.Contains("-Fresh", error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(StateFile));
        await using TestbedGrid anew = await TestbedGrid.OpenAsync(Options with { Fresh = true });
        Assert.False(anew.IsJoined);
    }

    [Fact]
    public async Task A_place_that_can_hold_no_folder_is_refused()
    {
        await File.WriteAllTextAsync(StateFile, "");
        G5kException error = await Assert.ThrowsAsync<G5kException>(() =>
            TestbedGrid.OpenAsync(Options with { StatePath = Path.Combine(StateFile, "below") }));
        Assert.Equal(("TestbedStateUnavailable", ErrorKind.WriteError), (error.Code, error.Kind));
    }

    [Fact]
    public async Task A_state_that_cannot_be_written_is_told_at_the_end()
    {
        TestbedGrid grid = await TestbedGrid.OpenAsync(Options);
        Directory.CreateDirectory(StateFile);
        Assert.Equal("TestbedStateUnavailable", (await Assert.ThrowsAsync<G5kException>(async () => await grid.DisposeAsync())).Code);
        Directory.Delete(StateFile);
        await using TestbedGrid again = await TestbedGrid.OpenAsync(Options);
        Assert.False(again.IsJoined);
    }

    [Fact]
    public async Task Tells_another_process_how_to_find_it()
    {
        await using TestbedGrid kept = await TestbedGrid.OpenAsync(Options);
        Assert.Equal(["-Testbed", "-StatePath", _folder.Path], kept.ConnectArguments);
        await using TestbedGrid passing = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        Assert.Equal(["-Testbed"], passing.ConnectArguments);
    }

    [Fact]
    public async Task The_file_holds_what_each_part_saves()
    {
        await using (TestbedGrid grid = await TestbedGrid.OpenAsync(Options)) grid.World.Sites["nancy"].Vlans[4].DhcpEnabled = false;
        JsonNode parts = JsonNode.Parse(await File.ReadAllTextAsync(StateFile))!["parts"]!;
        Assert.Equal("nancy:4", parts["kavlan"]![0]!.GetValue<string>());
    }
}
