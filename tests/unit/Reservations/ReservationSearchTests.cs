using System.Collections.Concurrent;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;
using WaltG5k.Core.Reservations.Planning.Reading;
using WaltG5k.Core.Text;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.Reservations;

public class ReservationSearchTests
{
    static readonly ReservationRequest s_twoSites = new()
    {
        NodeCounts = new Dictionary<string, int> { ["nancy"] = 2, ["rennes"] = 1 },
        Walltime = new Walltime(TimeSpan.FromHours(1)),
        Name = "search",
        LatestStart = DateTimeOffset.MaxValue,
    };

    [Fact]
    public async Task What_is_not_free_now_is_reserved_when_it_gets_free()
    {
        await using Platform platform = await Platform.OpenAsync();
        ReservationRequest all = s_twoSites with { NodeCounts = new Dictionary<string, int> { ["rennes"] = 25 }, Clusters = ["parasilo"],
            Name = "all" };
        Reservation first = await ReserveAsync(platform.Reservations, all, platform);
        Reservation second = await ReserveAsync(platform.Reservations, s_twoSites with { Clusters = ["parasilo", "gros"] }, platform);

        Assert.True(second.Start >= first.Start + TimeSpan.FromHours(1), $"{second.Start} is before the end of {first.Start} + 1 h");
        Assert.All(second.Jobs, j => Assert.Equal(second.Start, j.StartedAt));
        Assert.Contains(platform.Reporter.Warnings,
            w => w.Contains("1 of 5", StringComparison.Ordinal) && w.Contains("rennes", StringComparison.Ordinal));
        Assert.Equal(3, platform.LiveJobs.Count);
    }

    [Fact]
    public async Task Of_the_dates_that_the_sites_name_the_latest_is_tried()
    {
        await using Platform platform = await Platform.OpenAsync();
        var asked = new ConcurrentQueue<DateTimeOffset>();
        Reservation made = await ReserveAsync(Service(platform, asked,
            (site, start, round) => round > 0 ? null : start + (site == "nancy" ? TimeSpan.FromHours(2) : TimeSpan.FromHours(3))), s_twoSites,
            platform);
        Assert.Equal([asked.Min(), asked.Min() + TimeSpan.FromHours(3)], asked.Distinct().Order());
        Assert.Equal(asked.Max(), made.Start);
    }

    [Fact]
    public async Task A_date_that_does_not_advance_is_left_behind_by_five_minutes()
    {
        await using Platform platform = await Platform.OpenAsync();
        var asked = new ConcurrentQueue<DateTimeOffset>();
        await ReserveAsync(Service(platform, asked, (site, start, round) => site == "nancy" && round == 0 ? start - TimeSpan.FromMinutes(1) : null),
            s_twoSites, platform);
        Assert.Equal(asked.Min() + TimeSpan.FromMinutes(5), asked.Max());
    }

    [Fact]
    public async Task The_search_ends_after_the_rounds_given_and_tells_of_each()
    {
        await using Platform platform = await Platform.OpenAsync();
        var asked = new ConcurrentQueue<DateTimeOffset>();
        ReservationService service = Service(platform, asked, (site, start, _) => site == "rennes" ? start + TimeSpan.FromHours(1) : null);
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => ReserveAsync(service, s_twoSites with { MaxRounds = 3 }, platform));
        Assert.Equal("NoFreeResource", e.Code);
        var rounds = Assert.IsType<ReservationRound[]>(e.Data["Rounds"]);
        Assert.Equal([1, 2, 3], rounds.Select(r => r.Number));
        Assert.All(rounds, r => Assert.Contains("rennes", r.Reason, StringComparison.Ordinal));
        Assert.Equal(rounds[2].Next, e.Data["NextPossibleStart"]);
        Assert.Equal(3, asked.Distinct().Count());
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task The_search_goes_no_further_than_the_user_wants()
    {
        await using Platform platform = await Platform.OpenAsync();
        var asked = new ConcurrentQueue<DateTimeOffset>();
        ReservationService service = Service(platform, asked, (_, start, _) => start + TimeSpan.FromHours(1));
        DateTimeOffset latest = platform.Grid.Time.GetUtcNow() + TimeSpan.FromMinutes(30);
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => ReserveAsync(service, s_twoSites with { LatestStart = latest }, platform));
        Assert.Equal("NoFreeResource", e.Code);
        Assert.Single(asked.Distinct());
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(20, false)]
    public async Task Now_is_within_a_quarter_of_an_hour(int minutes, bool isNow)
    {
        await using Platform platform = await Platform.OpenAsync();
        var asked = new ConcurrentQueue<DateTimeOffset>();
        ReservationService service = Service(platform, asked, (_, start, round) => round == 0 ? start + TimeSpan.FromMinutes(minutes) : null);
        ReservationRequest now = s_twoSites with { LatestStart = null };
        if (isNow)
        {
            Reservation made = await ReserveAsync(service, now, platform);
            Assert.Equal(asked.Min() + TimeSpan.FromMinutes(minutes), made.Start);
            return;
        }
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => ReserveAsync(service, now, platform));
        Assert.Equal(("NoFreeResource", asked.Min() + TimeSpan.FromMinutes(minutes)), (e.Code, (DateTimeOffset)e.Data["NextPossibleStart"]!));
        Assert.Contains("-Start First", e.Recommendation, StringComparison.Ordinal);
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task First_plans_again_from_the_date_that_OAR_names_and_keeps_the_hours_of_the_policy()
    {
        await using Platform platform = await Platform.OpenAsync();   // it is Tuesday, 10:00 in Paris
        DateTimeOffset halfPastSix = new(2026, 3, 24, 17, 30, 0, TimeSpan.Zero);
        var asked = new ConcurrentQueue<DateTimeOffset>();
        ReservationService service = Service(platform, asked, (_, _, round) => round == 0 ? halfPastSix : null);
        Reservation made = await ReserveAsync(service, s_twoSites with { Start = ReservationStart.First, LatestStart = null }, platform);
        Assert.Equal(halfPastSix.AddMinutes(30), made.Start);   // an hour from half past six would cross 19:00
        Assert.Equal(2, asked.Distinct().Count());
    }

    [Fact]
    public async Task A_refused_night_is_followed_by_a_night()
    {
        await using Platform platform = await Platform.OpenAsync();
        DateTimeOffset tonight = new(2026, 3, 24, 18, 0, 0, TimeSpan.Zero), morning = new(2026, 3, 25, 8, 30, 0, TimeSpan.Zero);
        var asked = new ConcurrentQueue<DateTimeOffset>();
        ReservationService service = Service(platform, asked, (_, _, round) => round == 0 ? morning : null);
        Reservation made = await ReserveAsync(service, s_twoSites with { Start = ReservationStart.Night, LatestStart = null }, platform);
        Assert.Equal([tonight, tonight.AddDays(1)], asked.Distinct().Order());
        Assert.Equal(tonight.AddDays(1), made.Start);
    }

    [Fact]
    public async Task Max_chooses_anew_when_others_were_faster()
    {
        await using Platform platform = await Platform.OpenAsync();
        ReservationRequest most = s_twoSites with { NodeCounts = new Dictionary<string, int> { ["rennes"] = 2 }, Clusters = ["parasilo"],
            Start = ReservationStart.Max, LatestStart = platform.Grid.Time.GetUtcNow().AddMinutes(10) };
        ReservationPlan plan = await platform.Reservations.PlanAsync(most, platform.Limit);
        int all = plan.Request.NodeCounts["rennes"];
        await ReserveAsync(platform.Reservations,
            most with { Name = "faster", NodeCounts = new Dictionary<string, int> { ["rennes"] = 5 }, Start = ReservationStart.Now }, platform);
        Reservation made = await platform.Reservations.SubmitAsync(plan, platform.Limit);
        Assert.Equal(all - 5, Assert.Single(made.Jobs).NodeCount);
    }

    [Fact]
    public async Task What_was_read_is_forgotten_when_something_was_reserved_or_released()
    {
        await using Platform platform = await Platform.OpenAsync();
        var schedules = new ScheduleCache();
        var service = new ReservationService(platform.Grid, platform.Reporter, schedules);
        ReservationRequest all = s_twoSites with { NodeCounts = new Dictionary<string, int> { ["rennes"] = 20 }, Clusters = ["parasilo"] };
        Assert.Equal(TimeSpan.Zero, (await FindAsync()).Wait);
        Reservation made = await ReserveAsync(service, all, platform);
        Assert.True((await FindAsync()).Wait > TimeSpan.FromMinutes(50));
        await service.ReleaseAsync(made, platform.Limit);
        Assert.True((await FindAsync()).Wait < TimeSpan.FromMinutes(2));

        async Task<Slot> FindAsync() => (await new SlotPlanner(platform.Grid, platform.Reporter, schedules)
            .FindAsync(new SlotRequest { Reservation = all }, platform.Limit))[0];
    }

    [Fact]
    public async Task At_a_fixed_date_a_refusal_is_an_error_that_names_the_next()
    {
        await using Platform platform = await Platform.OpenAsync();
        var asked = new ConcurrentQueue<DateTimeOffset>();
        DateTimeOffset date = platform.Grid.Time.GetUtcNow() + TimeSpan.FromHours(2), next = date + TimeSpan.FromHours(1);
        ReservationService service = Service(platform, asked, (site, _, _) => site == "rennes" ? next : null);
        G5kException e = await Assert.ThrowsAsync<G5kException>(() =>
            ReserveAsync(service, s_twoSites with { Start = ReservationStart.At(date) }, platform));
        Assert.Equal("NoFreeResource", e.Code);
        Assert.Equal(next, e.Data["NextPossibleStart"]);
        Assert.Single(asked.Distinct());
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task What_can_never_be_given_is_not_searched_for()
    {
        await using Platform platform = await Platform.OpenAsync();
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() =>
            ReserveAsync(platform.Reservations, s_twoSites with { Property = "memnode > 99999999" }, platform));
        Assert.Equal("NoResource", e.Code);
        Assert.Empty(platform.Reporter.Warnings);
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task A_connection_lost_before_the_verdict_leaves_no_job()
    {
        await using Platform platform = await Platform.OpenAsync();
        var grid = new AlteredGrid(platform.Grid, async (frontend, request, onLine, token) =>
        {
            if (request.Program != "oarsub" || frontend.Site != "rennes") return await frontend.RunAsync(request, onLine, token);
            await frontend.RunAsync(request, null, token);
            throw new G5kException("FrontendUnreachable", ErrorKind.ConnectionError, "The connection broke.", frontend.Site, "Try again.");
        });
        var service = new ReservationService(grid, platform.Reporter);
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => ReserveAsync(service, s_twoSites, platform));
        Assert.Equal("FrontendUnreachable", e.Code);
        Assert.Empty(platform.LiveJobs);
        Assert.Empty(await service.GetAsync(platform.Limit).ToListAsync(platform.Limit));
    }

    [Fact]
    public async Task A_site_that_no_longer_answers_is_cleaned_by_the_next_look()
    {
        await using Platform platform = await Platform.OpenAsync();
        bool isDown = false;
        var grid = new AlteredGrid(platform.Grid, async (frontend, request, onLine, token) =>
        {
            if (frontend.Site != "rennes") return await frontend.RunAsync(request, onLine, token);
            if (request.Program == "oarsub")
            {
                await frontend.RunAsync(request, null, token);
                isDown = true;
            }
            return isDown
                ? throw new G5kException("FrontendUnreachable", ErrorKind.ConnectionError, "The front-end is down.", frontend.Site, "Try again.")
                : await frontend.RunAsync(request, onLine, token);
        });
        var service = new ReservationService(grid, platform.Reporter);
        await Assert.ThrowsAsync<G5kException>(() => ReserveAsync(service, s_twoSites, platform));
        Assert.Equal("rennes", Assert.Single(platform.LiveJobs).Site);
        Assert.Contains(platform.Reporter.Warnings, w => w.Contains("may be left at rennes", StringComparison.Ordinal));

        isDown = false;
        Assert.Empty(await service.GetAsync(platform.Limit).ToListAsync(platform.Limit));
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task A_late_start_shows_in_the_reservation_and_its_end_stays()
    {
        await using Platform platform = await Platform.OpenAsync("oar-starts-late:rennes=300");
        Reservation made = await ReserveAsync(platform.Reservations, s_twoSites, platform);
        Assert.Equal(made.Start + TimeSpan.FromHours(1), made.EndsAt);
        Reservation running = await platform.Reservations.WaitAsync(made, TimeSpan.FromMinutes(30), cancellationToken: platform.Limit);
        ReservationJob late = running.Jobs.Single(j => j.Site == "rennes");
        Assert.InRange(late.StartedLate.TotalSeconds, 300, 400);
        Assert.InRange(late.WalltimeCut.TotalSeconds, 290, 400);
        Assert.Equal((late.StartedLate, late.WalltimeCut, 0), (running.StartedLate, running.WalltimeCut, running.MissingNodes));
        Assert.InRange((running.EndsAt - made.EndsAt)!.Value.TotalSeconds, -5, 5);
        Assert.Contains(platform.Reporter.Warnings, w => w.Contains("cut its walltime", StringComparison.Ordinal));
    }

    [Fact]
    public void Nodes_that_were_not_alive_at_the_start_are_missed()
    {
        var job = new ReservationJob("nancy", 1) { State = OarJobState.Running, NodeCount = 3,
            Nodes = ["gros-1.nancy.grid5000.fr", "gros-2.nancy.grid5000.fr"] };
        Assert.Equal(1, new Reservation("r")
            { Jobs = [job, job with { NodeCount = 0 }, job with { State = OarJobState.Waiting, Nodes = [] }] }.MissingNodes);
    }

    /// <summary>
    /// OAR as on the testbed, but for the refusals that <paramref name="next"/> gives by site, date and number of earlier dates there.
    /// </summary>
    static ReservationService Service(Platform platform, ConcurrentQueue<DateTimeOffset> asked,
        Func<string, DateTimeOffset, int, DateTimeOffset?> next)
    {
        var rounds = new ConcurrentDictionary<string, int>();
        return new ReservationService(new AlteredGrid(platform.Grid, (frontend, request, onLine, token) =>
        {
            if (request.Program != "oarsub") return frontend.RunAsync(request, onLine, token);
            Assert.True(GridZone.TryParse(request.Arguments[request.Arguments.ToList().IndexOf("-r") + 1], out DateTimeOffset start));
            asked.Enqueue(start);
            int round = rounds.AddOrUpdate(frontend.Site, 0, (_, n) => n + 1);
            if (next(frontend.Site, start, round) is not { } hint) return frontend.RunAsync(request, onLine, token);
            string text = $"Reservation not valid --> KO (This reservation could run at {GridZone.Format(hint)})";
            onLine?.Invoke(new OutputLine(text, false));
            return Task.FromResult(new CommandResult(frontend.Name, request, 10, text + "\n", "", TimeSpan.Zero));
        }), platform.Reporter);
    }

    static async Task<Reservation> ReserveAsync(ReservationService service, ReservationRequest request, Platform platform) =>
        await service.SubmitAsync(await service.PlanAsync(request, platform.Limit), platform.Limit);
}
