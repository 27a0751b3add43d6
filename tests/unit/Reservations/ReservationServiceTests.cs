using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.Reservations;

public class ReservationServiceTests
{
    static ReservationRequest Request(params (string Site, int Nodes)[] sites) => new()
    {
        NodeCounts = sites.ToDictionary(s => s.Site, s => s.Nodes),
        Walltime = new Walltime(TimeSpan.FromHours(1)),
    };

    [Fact]
    public async Task The_plan_shows_what_will_be_submitted_and_sends_nothing()
    {
        await using Platform platform = await Platform.OpenAsync();
        ReservationRequest request = Request(("nancy", 3), ("rennes", 2)) with { ServerSite = "nancy", Vlan = VlanKind.Global,
            Property = "memnode > 1000", Types = ["night"], Name = "exp" };
        ReservationPlan plan = await platform.Reservations.PlanAsync(request, platform.Limit);

        Assert.Equal(
            "{eth_kavlan_count>1 and cluster in ('gros')}/nodes=1+{cluster in ('gros') and (memnode > 1000)}/nodes=3+{type='kavlan-global'}/vlan=1",
            plan.Sites.Single(s => s.Site == "nancy").Job.Resources);
        Assert.Equal("{cluster in ('parasilo') and (memnode > 1000)}/nodes=2", plan.Sites.Single(s => s.Site == "rennes").Job.Resources);
        Assert.All(plan.Sites, s => Assert.Equal("deploy,night exp", $"{string.Join(',', s.Job.Types)} {s.Job.Name}"));
        Assert.Empty(platform.LiveJobs);
    }

    public static TheoryData<string, ReservationRequest> Refused => new()
    {
        { "SiteNotFound", Request(("nanci", 1)) },
        { "InvalidNodeCount", Request(("nancy", 0)) },
        { "InvalidNodeCount", new ReservationRequest { NodeCounts = new Dictionary<string, int>(), Walltime = new Walltime(TimeSpan.FromHours(1)) } },
        { "NotEnoughNodes", Request(("nancy", 100_000)) },
        { "VlanNeedsOneSite", Request(("nancy", 1), ("rennes", 1)) with { Vlan = VlanKind.Local } },
        { "VlanNeedsOneSite", Request(("nancy", 1), ("rennes", 1)) with { Vlan = VlanKind.Routed } },
        { "NoServerCluster", Request(("lyon", 1)) with { ServerSite = "lyon" } },
        { "ClusterNotFound", Request(("nancy", 1)) with { Clusters = ["gros", "groos"] } },
        { "StartInThePast", Request(("nancy", 1)) with { Start = ReservationStart.At(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)) } },
        { "WalltimeTooLongForNight", Request(("nancy", 1)) with { Start = ReservationStart.Night, Walltime = new Walltime(TimeSpan.FromDays(10)) } },
        { "InvalidReservationName", Request(("nancy", 1)) with { Name = "../up" } },
        { "SiteHasNoVlan", Request(("strasbourg", 1)) with { Vlan = VlanKind.Routed } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_reserved_is_refused_with_what_to_do(string code, ReservationRequest request)
    {
        await using Platform platform = await Platform.OpenAsync();
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => platform.Reservations.PlanAsync(request, platform.Limit));
        Assert.Equal(code, e.Code);
        Assert.False(string.IsNullOrEmpty(e.Recommendation));
        Assert.NotNull(e.Target);
    }

    [Fact]
    public async Task A_mistyped_site_is_guessed()
    {
        await using Platform platform = await Platform.OpenAsync();
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => platform.Reservations.PlanAsync(Request(("nanci", 1)), platform.Limit));
        Assert.Contains("Did you mean nancy?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_night_begins_at_nineteen_in_Paris()
    {
        await using Platform platform = await Platform.OpenAsync();   // it is Tuesday, 10:00 in Paris
        ReservationPlan plan = await platform.Reservations.PlanAsync(Request(("nancy", 1)) with { Start = ReservationStart.Night }, platform.Limit);
        Assert.Equal(new DateTimeOffset(2026, 3, 24, 18, 0, 0, TimeSpan.Zero), plan.Start);
    }

    [Fact]
    public async Task Sites_start_at_one_date_and_are_released_together()
    {
        await using Platform platform = await Platform.OpenAsync();
        Reservation reservation = await SubmitAsync(platform, Request(("nancy", 2), ("rennes", 1)) with { Name = "both" });
        Assert.Equal(2, platform.LiveJobs.Count);

        Reservation running = await platform.Reservations.WaitAsync(reservation, TimeSpan.FromMinutes(10), cancellationToken: platform.Limit);
        Assert.Equal("Running", running.State);
        Assert.Equal(3, running.Nodes.Count);
        Assert.All(running.Jobs, j => Assert.InRange((j.StartedAt - reservation.Start)!.Value.TotalSeconds, 0, 90));

        Reservation ended = await platform.Reservations.ReleaseAsync(running, platform.Limit);
        Assert.Equal("Ended", ended.State);
        Assert.Empty(platform.LiveJobs);
        Assert.Empty(await platform.Reservations.GetAsync(platform.Limit).ToListAsync(platform.Limit));
    }

    [Fact]
    public async Task A_name_in_use_gives_the_same_reservation_again()
    {
        await using Platform platform = await Platform.OpenAsync();
        Reservation first = await SubmitAsync(platform, Request(("nancy", 2)) with { Name = "again" });
        Reservation second = await SubmitAsync(platform, Request(("nancy", 2)) with { Name = "again" });
        Assert.Equal(first.Jobs.Select(j => j.JobId), second.Jobs.Select(j => j.JobId));
        Assert.Single(platform.LiveJobs);
    }

    [Fact]
    public async Task A_refusal_at_one_site_leaves_nothing_at_the_other_and_names_the_next_date()
    {
        await using Platform platform = await Platform.OpenAsync("oar-refuses:rennes");
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => SubmitAsync(platform, Request(("nancy", 2), ("rennes", 1))));
        Assert.Equal("NoFreeResource", e.Code);
        Assert.True(e.Data["NextPossibleStart"] is DateTimeOffset next && next > platform.Grid.Time.GetUtcNow());
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task A_cancelled_submission_leaves_nothing()
    {
        await using Platform platform = await Platform.OpenAsync("frontend-slow:rennes=30");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(platform.Limit);
        Task<Reservation> submit = SubmitAsync(platform, Request(("nancy", 2), ("rennes", 1)), cancel.Token);
        while (platform.LiveJobs.Count == 0 && !submit.IsCompleted) await Task.Delay(TimeSpan.FromSeconds(0.5), platform.Grid.Time, platform.Limit);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submit);
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task A_submission_that_is_cancelled_while_the_database_is_down_leaves_nothing_when_it_is_back()
    {
        await using Platform platform = await Platform.OpenAsync("oar-database-down:nancy*4");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(platform.Limit);
        ReservationPlan plan = await platform.Reservations.PlanAsync(
            Request(("nancy", 2)) with { Start = ReservationStart.At(platform.Grid.Time.GetUtcNow().AddHours(12)) }, platform.Limit);
        Task<Reservation> submit = platform.Reservations.SubmitAsync(plan, cancel.Token);
        await Task.Delay(TimeSpan.FromSeconds(3), platform.Grid.Time, platform.Limit);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submit);
        await Task.Delay(TimeSpan.FromMinutes(3), platform.Grid.Time, platform.Limit);
        Assert.Empty(platform.LiveJobs);
        Assert.Empty(await platform.Reservations.GetAsync(platform.Limit).ToListAsync(platform.Limit));
    }

    [Fact]
    public async Task What_a_dead_process_was_submitting_is_deleted_by_the_next_look()
    {
        await using Platform platform = await Platform.OpenAsync();
        var power = new CutAfterSubmission(platform.Grid);
        var dying = new ReservationService(power, SilentReporter.Instance);
        ReservationPlan plan = await dying.PlanAsync(Request(("nancy", 2), ("rennes", 1)), platform.Limit);
        await Assert.ThrowsAnyAsync<Exception>(() => dying.SubmitAsync(plan, platform.Limit));
        Assert.NotEmpty(platform.LiveJobs);

        Assert.Empty(await platform.Reservations.GetAsync(platform.Limit).ToListAsync(platform.Limit));
        Assert.Empty(platform.LiveJobs);
        Assert.Contains(platform.Reporter.Warnings, w => w.Contains("interrupted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Jobs_made_by_hand_are_adopted_with_what_they_hold()
    {
        await using Platform platform = await Platform.OpenAsync();
        Reservation made = await SubmitAsync(platform, Request(("nancy", 1), ("rennes", 1)) with { ServerSite = "nancy", Vlan = VlanKind.Global });
        Reservation adopted = await platform.Reservations.AdoptAsync([.. made.Jobs.Select(j => (j.Site, j.JobId))], "mine", platform.Limit);
        Assert.True(adopted.IsAdopted);
        Assert.Equal((VlanKind.Global, "nancy"), (adopted.Vlan, adopted.ServerSite));
        Assert.True(adopted.Jobs.Single(j => j.Site == "nancy") is { HoldsServer: true, HoldsVlan: true });

        Assert.Equal("JobNotFound", (await Assert.ThrowsAsync<G5kException>(() =>
            platform.Reservations.AdoptAsync([("nancy", 999_999)], cancellationToken: platform.Limit))).Code);
    }

    [Fact]
    public async Task A_ledger_that_is_damaged_says_what_to_do()
    {
        await using Platform platform = await Platform.OpenAsync();
        await SubmitAsync(platform, Request(("nancy", 1)) with { Name = "broken" });
        await File.WriteAllTextAsync(Path.Combine(platform.Grid.HomeDirectory, ".walt-g5k", "reservations", "broken.json"), "{", platform.Limit);
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => platform.Reservations.FindAsync("broken", platform.Limit));
        Assert.Equal("ReservationCorrupt", e.Code);
        Assert.Contains("oarstat", e.Recommendation, StringComparison.Ordinal);
    }

    static async Task<Reservation> SubmitAsync(Platform platform, ReservationRequest request, CancellationToken? cancel = null) =>
        await platform.Reservations.SubmitAsync(await platform.Reservations.PlanAsync(request, platform.Limit), cancel ?? platform.Limit);

    /// <summary>Dies once the first oarsub has run: its answer is lost, and nothing can be cleaned up.</summary>
    sealed class CutAfterSubmission(IGrid inner) : IGrid
    {
        bool _off;

        public string Name => inner.Name;
        public string User => inner.User;
        public string? LocalSite => inner.LocalSite;
        public string HomeDirectory => inner.HomeDirectory;
        public TimeProvider Time => inner.Time;
        public HttpClient Api => inner.Api;
        public IReadOnlyList<string> ConnectArguments => inner.ConnectArguments;
        public IFrontend GetFrontend(string site) => new Frontend(this, inner.GetFrontend(site));
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        sealed class Frontend(CutAfterSubmission power, IFrontend frontend) : IFrontend
        {
            public string Site => frontend.Site;
            public string Name => frontend.Name;

            public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
                CancellationToken cancellationToken = default)
            {
                if (power._off) throw new PowerLostException();
                await frontend.RunAsync(request, null, CancellationToken.None);
                power._off = true;
                throw new PowerLostException();
            }

            public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) => throw new PowerLostException();
        }
    }
}
