using System.Collections.Concurrent;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;
using WaltG5k.Core.Reservations.Planning.Reading;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.Reservations.Planning;

/// <summary>The whole search on the testbed: where it reads, what it does without, and what it says of that.</summary>
public class SlotPlannerTests
{
    static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(300);

    static SlotRequest Request(params (string Site, int Nodes)[] sites) => new()
    {
        Reservation = new ReservationRequest { NodeCounts = sites.ToDictionary(s => s.Site, s => s.Nodes),
            Walltime = new Walltime(TimeSpan.FromHours(1)) },
    };

    static async Task<Slot> FindAsync(Platform platform, SlotRequest request, TimeSpan? silence = null) =>
        (await new SlotPlanner(platform.Grid, platform.Reporter) { SilenceLimit = silence ?? TimeSpan.FromSeconds(30) }.FindAsync(request,
        platform.Limit))[0];

    [Fact]
    public async Task Without_the_API_the_gantt_gives_the_same_slot_and_says_what_it_does_not_know()
    {
        await using Platform platform = await Platform.OpenAsync("api-down");
        await OarClient.For(platform.Grid, "lyon")
            .SubmitAsync(new OarJobRequest { Resources = "{cluster='taurus'}/nodes=10", Walltime = Walltime.Parse("2"), Types = ["deploy"],
            Start = platform.Grid.Time.GetUtcNow().AddSeconds(30) }, cancellationToken: platform.Limit);
        SlotRequest request = Request(("lyon", 10));
        Slot slot = await FindAsync(platform, request with { Reservation = request.Reservation with { Clusters = ["taurus"] } });
        Assert.True(slot.Wait > TimeSpan.FromMinutes(110), $"{slot.Wait}");
        Assert.Equal(ScheduleSource.Gantt, Assert.Single(slot.Shares).Source);
        Assert.Null(slot.UnplannedJobs);
        Assert.Contains(slot.Remarks, r => r.Contains("without a predicted start are not known", StringComparison.Ordinal));
        Assert.Contains(slot.Remarks, r => r.Contains("reference data of lyon", StringComparison.Ordinal));
        Assert.Contains(platform.Reporter.Warnings, w => w.Contains("Only lyon can be looked at", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_API_and_without_a_site_there_is_nothing_to_look_at()
    {
        await using Platform platform = await Platform.OpenAsync("api-down");
        Assert.Equal("ApiUnreachable", (await Assert.ThrowsAsync<G5kException>(() => FindAsync(platform, Request()))).Code);
    }

    [Fact]
    public async Task Without_the_status_alone_the_reference_still_tells_which_nodes_are_for_WalT()
    {
        await using Platform platform = await Platform.OpenAsync("api-down:status");
        SlotRequest request = Request(("nancy", 2));
        Slot slot = await FindAsync(platform, request with
            { Reservation = request.Reservation with { ServerSite = "nancy", Vlan = VlanKind.Local } });
        Assert.Equal(ScheduleSource.Gantt, Assert.Single(slot.Shares).Source);
        Assert.Single(slot.Remarks);
        Assert.Empty(slot.UnreadSites);
    }

    [Fact]
    public async Task A_silent_site_among_many_is_left_out_and_named()
    {
        await using Platform platform = await Platform.OpenAsync("api-silent:nancy");
        Slot slot = await FindAsync(platform, Request() with { AnySiteCount = 60 }, TimeSpan.FromSeconds(2));
        Assert.Contains("nancy", slot.UnreadSites);
        Assert.Contains(slot.Remarks, r => r.StartsWith("nancy could not be read", StringComparison.Ordinal));
        Assert.DoesNotContain("nancy", slot.Sites);
    }

    [Fact]
    public async Task A_silent_site_that_is_asked_for_is_read_at_its_front_end()
    {
        await using Platform platform = await Platform.OpenAsync("api-silent:lyon");
        Slot slot = await FindAsync(platform, Request(("lyon", 2)), s_silence);
        Assert.Equal(ScheduleSource.Gantt, Assert.Single(slot.Shares).Source);
    }

    [Fact]
    public async Task A_site_that_neither_way_tells_is_an_error_with_both_reasons()
    {
        await using Platform platform = await Platform.OpenAsync("api-down:status", "oar-database-down:lyon");
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => FindAsync(platform, Request(("lyon", 2))));
        Assert.Equal("ScheduleUnavailable", e.Code);
        Assert.Contains("503", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_then_asks_OAR_itself()
    {
        await using Platform platform = await Platform.OpenAsync("api-down:status", "command-fails:oarstat");
        ReservationRequest request = Request(("lyon", 2)).Reservation with { Start = ReservationStart.First };
        ReservationPlan plan = await platform.Reservations.PlanAsync(request, platform.Limit);
        Assert.Null(plan.Slot);
        Assert.True(plan.SearchesOn);
        Assert.Contains(platform.Reporter.Warnings, w => w.Contains("asked from OAR itself", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_share_of_the_day_comes_from_the_checker_of_the_site()
    {
        await using Platform platform = await Platform.OpenAsync();   // it is Tuesday, 10:00 in Paris
        SlotRequest request = Request(("lyon", 2)) with { Hours = SlotHours.Day };
        request = request with { Reservation = request.Reservation with { Clusters = ["taurus"], Walltime = new Walltime(TimeSpan.FromHours(2)) } };
        UsageQuota before = Assert.Single((await FindAsync(platform, request)).Quotas);
        Assert.True(before.IsChecked);
        Assert.Equal(0, before.Used);
        await platform.Reservations.SubmitAsync(await platform.Reservations.PlanAsync(request.Reservation with { Name = "mine" }, platform.Limit),
            platform.Limit);
        UsageQuota after = Assert.Single((await FindAsync(platform, request)).Quotas);
        Assert.Equal(before.Wanted, after.Used);
        Assert.Equal(before.Limit, after.Limit);
    }

    [Fact]
    public async Task Without_the_checker_the_share_is_estimated()
    {
        await using Platform platform = await Platform.OpenAsync("command-fails:usagepolicycheck");
        UsageQuota quota = (await FindAsync(platform, Request(("lyon", 2)) with { Hours = SlotHours.Day })).Quotas[0];
        Assert.False(quota.IsChecked);
        Assert.Null(quota.Used);
        Assert.True(quota.Limit > 0);
    }

    [Fact]
    public async Task A_property_is_asked_once_for_each_site_a_row_per_node()
    {
        await using Platform platform = await Platform.OpenAsync();
        var answers = new ConcurrentQueue<CommandResult>();
        var grid = new AlteredGrid(platform.Grid, async (frontend, command, onLine, token) =>
        {
            CommandResult result = await frontend.RunAsync(command, onLine, token);
            if (command.Program == "oarnodes") answers.Enqueue(result);
            return result;
        });
        var planner = new SlotPlanner(grid, platform.Reporter, new ScheduleCache());
        SlotRequest request = Request(("lyon", 1));
        request = request with { Reservation = request.Reservation with { Property = "cluster = 'taurus'" } };
        Slot slot = (await planner.FindAsync(request, platform.Limit))[0];
        await planner.FindAsync(request, platform.Limit);
        Assert.All(slot.Shares[0].Nodes, n => Assert.StartsWith("taurus-", n, StringComparison.Ordinal));
        CommandResult answer = Assert.Single(answers);
        Assert.Equal(platform.Grid.World.Nodes.Values.Count(n => n.Cluster.Name == "taurus"), answer.Output.Split("\"network_address\"").Length - 1);
    }

    [Fact]
    public async Task A_property_that_OAR_cannot_read_is_told()
    {
        await using Platform platform = await Platform.OpenAsync();
        SlotRequest request = Request(("lyon", 1));
        G5kException e = await Assert.ThrowsAsync<G5kException>(() =>
            FindAsync(platform, request with { Reservation = request.Reservation with { Property = "nosuch = 3" } }));
        Assert.Equal("InvalidProperty", e.Code);
    }
}
