using System.Text.Json;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;
using WaltG5k.Core.Reservations.Planning.Reading;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Reservations.Planning;

/// <summary>What schedules say, from recorded answers and from the testbed.</summary>
public class ScheduleReaderTests
{
    static readonly TimeSpan s_guard = TimeSpan.FromSeconds(60);

    static SiteSchedule ReadStatus(string json, long now = 1795160361) =>
        StatusReader.Read("nancy", JsonDocument.Parse(json).RootElement, new Dictionary<string, NodeFacts>(),
        DateTimeOffset.FromUnixTimeSeconds(now), s_guard);

    static string Body(string sample)
    {
        string text = Samples.Read(sample);
        int start = text.IndexOf('{', StringComparison.Ordinal);
        return text[start..(text.LastIndexOf('}') + 1)];
    }

    static string Status(string job, string hard = "alive") =>
        """{"nodes":{"gros-1.nancy.grid5000.fr":{"hard":"HARD","reservations":[JOB]}}}""".Replace("HARD", hard, StringComparison.Ordinal)
        .Replace("JOB", job, StringComparison.Ordinal);

    [Fact]
    public void The_recorded_status_gives_nodes_and_vlans_with_their_jobs()
    {
        SiteSchedule nancy = ReadStatus(Body("g5k-api/status-with-jobs.json"));
        Assert.Equal(["gros-1", "gros-2", "gros-3", "gros-4"], nancy.Nodes.Select(n => n.Name.Split('.')[0]));
        Assert.All(nancy.Nodes, n => Assert.Equal("gros", n.Cluster));
        Assert.Equal<BusyPeriod>([new BusyPeriod(1795160352, 1795160352 + 3600 + 60)], nancy.Nodes[0].Busy);
        Assert.Equal<BusyPeriod>([new BusyPeriod(1795203000, 1795203000 + 3600 + 60)], nancy.Nodes[3].Busy);   // an advance reservation
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 14], nancy.Vlans.Select(v => v.Id));
        Assert.Equal(VlanKind.Global, nancy.Vlans[^1].Kind);
        Assert.Equal([4], nancy.Vlans.Where(v => v.Busy.Length > 0).Select(v => v.Id));
        Assert.Equal(0, nancy.UnplannedJobs);
    }

    [Fact]
    public void A_start_of_zero_means_the_prediction_and_not_the_year_1970()
    {
        NodeElement node =
            ReadStatus(Status("""{"uid":1,"state":"waiting","queue":"default","walltime":600,"started_at":0,"scheduled_at":1795170000}""")).Nodes[0];
        Assert.Equal<BusyPeriod>([new BusyPeriod(1795170000, 1795170660)], node.Busy);
    }

    [Theory]
    [InlineData("""{"uid":7,"state":"waiting","queue":"default","walltime":600,"started_at":0}""", 1)]
    [InlineData("""{"uid":7,"state":"hold","queue":"default","walltime":600,"started_at":0,"scheduled_at":1795170000}""", 1)]
    [InlineData("""{"uid":7,"state":"running","queue":"besteffort","walltime":600,"started_at":1795160000}""", 0)]
    [InlineData("""{"uid":7,"state":"running","queue":"default","types":["besteffort"],"walltime":600,"started_at":1795160000}""", 0)]
    [InlineData("""{"uid":7,"state":"terminated","queue":"default","walltime":600,"started_at":1795160000}""", 0)]
    public void Jobs_that_block_nothing_are_left_out_and_those_of_unknown_start_are_counted(string job, int unplanned)
    {
        SiteSchedule nancy = ReadStatus(Status(job));
        Assert.Empty(nancy.Nodes[0].Busy);
        Assert.Equal(unplanned, nancy.UnplannedJobs);
    }

    [Fact]
    public void A_job_without_a_start_does_not_hide_the_ones_behind_it()
    {
        NodeElement node =
            ReadStatus(
            Status("""{"uid":1,"state":"waiting","walltime":600},{"uid":2,"state":"waiting","walltime":600,"scheduled_at":1795170000}""")).Nodes[0];
        Assert.Single(node.Busy);
    }

    [Theory]
    [InlineData("toLaunch")]
    [InlineData("launching")]
    [InlineData("finishing")]
    [InlineData("suspended")]
    [InlineData("resuming")]
    public void A_job_on_its_way_in_or_out_holds_its_node_beyond_its_walltime(string state)
    {
        NodeElement node = ReadStatus(Status($$"""{"uid":1,"state":"{{state}}","queue":"default","walltime":60,"started_at":1795160000}""")).Nodes[0];
        Assert.Equal<BusyPeriod>([new BusyPeriod(1795160000, 1795160362 + 60)], node.Busy);
    }

    [Theory]
    [InlineData("alive", true)]
    [InlineData("standby", true)]
    [InlineData("absent", false)]
    [InlineData("suspected", false)]
    [InlineData("dead", false)]
    public void Standby_is_usable_and_broken_is_not(string hard, bool isUsable) =>
        Assert.Equal(isUsable, ReadStatus(Status("", hard)).Nodes[0].IsUsable);

    [Fact]
    public void Disks_belong_to_their_node_and_subnets_are_read_by_address()
    {
        SiteSchedule nancy = ReadStatus("""
            {"nodes":{"gros-1.nancy.grid5000.fr":{"hard":"alive","reservations":[]}},
             "disks":{"disk1.gros-1.nancy.grid5000.fr":{"hard":"alive","reservations":[]},"disk2.gros-1":{"hard":"alive","reservations":[]}},
             "subnets":{"10.144.4.0/22":{"hard":"alive","reservations":[]}}}
            """);
        Assert.Equal(["disk1.gros-1.nancy.grid5000.fr", "disk2.gros-1"], nancy.Nodes[0].Disks.Select(d => d.Name));
        Assert.Equal(0x0A900400u, Assert.Single(nancy.Subnets).Address);
    }

    [Fact]
    public void An_anonymous_status_is_no_schedule() =>
        Assert.Equal("StatusHasNoJobs", Assert.Throws<G5kException>(() => ReadStatus(Body("g5k-api/status-anonymous.json"))).Code);

    [Fact]
    public void The_recorded_gantt_gives_nodes_vlans_and_subnets_with_their_jobs()
    {
        SiteSchedule nice = GanttReader.Read("nice", JsonDocument.Parse(Body("oar/oarstat-gantt.txt")).RootElement,
            new Dictionary<string, NodeFacts>(), DateTimeOffset.FromUnixTimeSeconds(1795164400), s_guard);
        Assert.Equal(ScheduleSource.Gantt, nice.Source);
        Assert.Equal(4, nice.Nodes.Count);
        Assert.All(nice.Nodes, n => Assert.Equal("gros", n.Cluster));
        Assert.Equal<BusyPeriod>([new BusyPeriod(1795164306, 1795165508 + 60)], nice.Nodes[0].Busy);   // the guard time joins the two jobs
        Assert.Equal<BusyPeriod>([new BusyPeriod(1795164908, 1795165508 + 60)], nice.Nodes[2].Busy);
        Assert.Empty(nice.Nodes[3].Busy);
        Assert.Equal(10, nice.Vlans.Count);
        Assert.Single(nice.Vlans, v => v.Busy.Length > 0);
        Assert.Equal(8, nice.Subnets.Count);
    }

    [Fact]
    public async Task On_the_testbed_status_and_gantt_agree()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        await new OarClient(grid.GetFrontend("lyon"), grid.Time)
            .SubmitAsync(new OarJobRequest { Resources = "{cluster='taurus'}/nodes=3", Walltime = Walltime.Parse("2"),
            Start = grid.Time.GetUtcNow().AddHours(1), Types = ["deploy"] });
        SiteSchedule status = (await Read(grid, new ScheduleCache()))[0];
        Assert.Equal(ScheduleSource.Api, status.Source);
        Assert.Equal(3, status.Nodes.Count(n => n.Busy.Length > 0));
        using JsonDocument gantt = JsonDocument.Parse(
            (await grid.GetFrontend("lyon").RunAsync(
            new("oarstat", "-J", "--gantt",
            $"{WaltG5k.Core.Text.GridZone.Format(grid.Time.GetUtcNow())}, {WaltG5k.Core.Text.GridZone.Format(grid.Time.GetUtcNow().AddDays(2))}"))).Output);
        SiteSchedule other = GanttReader.Read("lyon", gantt.RootElement, new Dictionary<string, NodeFacts>(), grid.Time.GetUtcNow(), s_guard);
        Assert.Equal(Busy(status), Busy(other));

        static IEnumerable<string> Busy(SiteSchedule site) =>
            site.Nodes.Where(n => n.Busy.Length > 0).Select(n => $"{n.Name} {string.Join(' ', n.Busy)}").Order(StringComparer.Ordinal);
    }

    static Task<IReadOnlyList<SiteSchedule>> Read(TestbedGrid grid, ScheduleCache cache) =>
        new ScheduleReader(grid, SilentReporter.Instance, cache, TimeSpan.FromSeconds(30)).ReadAsync(["lyon"], [], s_guard, CancellationToken.None);

    [Fact]
    public async Task A_site_is_asked_once_within_some_seconds()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        var cache = new ScheduleCache();
        SiteSchedule first = (await Read(grid, cache))[0];
        Assert.Same(first, (await Read(grid, cache))[0]);
        cache.Clear();
        Assert.NotSame(first, (await Read(grid, cache))[0]);
    }
}
