using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Tests.Deployments;

namespace WaltG5k.Tests.Reservations;

public class OrphanFinderTests
{
    static readonly string[] s_sites = ["nancy", "rennes"];

    static ReservationRequest Request(string name) => new()
    {
        NodeCounts = new Dictionary<string, int> { ["nancy"] = 1, ["rennes"] = 1 },
        Walltime = new Walltime(TimeSpan.FromHours(1)),
        Name = name,
    };

    [Fact]
    public async Task What_a_living_reservation_holds_and_what_the_user_submitted_is_nobodys_orphan()
    {
        await using Platform platform = await Platform.OpenAsync();
        await ReserveAsync(platform, "alive");
        await SubmitAsync(platform, "nancy", "own-name");
        Assert.Empty(await FindAsync(platform));
    }

    [Fact]
    public async Task A_job_with_a_name_of_ours_that_nothing_here_knows_is_told()
    {
        await using Platform platform = await Platform.OpenAsync();
        long id = await SubmitAsync(platform, "rennes", "g5k-0123abcd");
        Orphan orphan = Assert.Single(await FindAsync(platform));
        Assert.Equal((OrphanKind.UnknownJob, "rennes", id, $"rennes:{id}", $"Stop-OarJob rennes:{id}"),
            (orphan.Kind, orphan.Site, orphan.JobId, orphan.ToString(), orphan.Recommendation));
    }

    [Fact]
    public async Task A_second_job_of_a_reservations_name_is_a_stray()
    {
        await using Platform platform = await Platform.OpenAsync();
        await ReserveAsync(platform, "twice");
        long id = await SubmitAsync(platform, "nancy", "twice");
        Orphan orphan = Assert.Single(await FindAsync(platform));
        Assert.Equal((OrphanKind.StrayJob, id), (orphan.Kind, orphan.JobId));
    }

    [Fact]
    public async Task Jobs_of_a_submission_whose_process_died_are_told_and_go_with_the_next_look()
    {
        await using Platform platform = await Platform.OpenAsync();
        bool isDead = false;
        var dying = new AlteredGrid(platform.Grid, async (frontend, request, onLine, token) =>
        {
            if (isDead) throw new PowerLostException();
            CommandResult result = await frontend.RunAsync(request, null, token);
            isDead |= request.Program == "oarsub";
            return isDead ? throw new PowerLostException() : result;
        });
        var service = new ReservationService(dying, SilentReporter.Instance);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
            await service.SubmitAsync(await service.PlanAsync(Request("dead"), platform.Limit), platform.Limit));

        List<Orphan> orphans = await FindAsync(platform);
        Assert.NotEmpty(orphans);
        Assert.All(orphans, o => Assert.Equal((OrphanKind.InterruptedSubmission, "dead"), (o.Kind, o.Name)));
        Assert.Null(await platform.Reservations.FindAsync("dead", platform.Limit));
        Assert.Empty(await FindAsync(platform));
    }

    [Fact]
    public async Task A_note_without_a_living_job_is_told_once_all_its_sites_were_asked()
    {
        await using Platform platform = await Platform.OpenAsync();
        Reservation made = await ReserveAsync(platform, "over");
        foreach (ReservationJob job in made.Jobs) await OarClient.For(platform.Grid, job.Site).DeleteAsync(job.JobId, platform.Limit);
        Assert.Empty(await FindAsync(platform, ["nancy"]));
        Orphan orphan = Assert.Single(await FindAsync(platform));
        Assert.Equal((OrphanKind.StaleReservation, "over", "nancy,rennes", null), (orphan.Kind, orphan.ToString(), orphan.Site, orphan.JobId));
    }

    [Fact]
    public async Task Jobs_of_a_deployment_are_orphans_only_when_it_has_ended()
    {
        await using Platform platform = await Platform.OpenAsync();
        long id = await SubmitAsync(platform, "nancy", "walt-2026-03-24--09-00-00");
        var owner = new JobOwner("2026-03-24--09-00-00", "walt-2026-03-24--09-00-00", [("nancy", id)]);
        Assert.Empty(await FindAsync(platform, s_sites, owner));
        Orphan orphan = Assert.Single(await FindAsync(platform, s_sites,
            owner with { HasEnded = true, State = "has failed", Release = "Remove-WaltDeployment 2026-03-24--09-00-00" }));
        Assert.Equal((OrphanKind.EndedDeployment, "Remove-WaltDeployment 2026-03-24--09-00-00"), (orphan.Kind, orphan.Recommendation));
        Assert.Equal(OrphanKind.UnknownJob, Assert.Single(await FindAsync(platform)).Kind);
    }

    [Fact]
    public async Task A_site_that_does_not_answer_is_told_and_the_others_are_searched()
    {
        await using Platform platform = await Platform.OpenAsync();
        long id = await SubmitAsync(platform, "rennes", "g5k-0123abcd");
        var grid = new AlteredGrid(platform.Grid, (frontend, request, onLine, token) => frontend.Site == "nancy"
            ? throw new G5kException("FrontendUnreachable", ErrorKind.ConnectionError, "down", frontend.Site, "Try again.")
            : frontend.RunAsync(request, onLine, token));
        var failures = new List<string>();
        List<Orphan> orphans = await new OrphanFinder(grid, []).FindAsync(s_sites, e => failures.Add(e.Code), platform.Limit)
            .ToListAsync(platform.Limit);
        Assert.Equal(["FrontendUnreachable"], failures);
        Assert.Equal(id, Assert.Single(orphans).JobId);
    }

    static async Task<Reservation> ReserveAsync(Platform platform, string name) =>
        await platform.Reservations.SubmitAsync(await platform.Reservations.PlanAsync(Request(name), platform.Limit), platform.Limit);

    static async Task<long> SubmitAsync(Platform platform, string site, string name)
    {
        var job = new OarJobRequest { Resources = "nodes=1", Walltime = new Walltime(TimeSpan.FromHours(1)), Name = name, Command = "sleep 3600" };
        return (await OarClient.For(platform.Grid, site).SubmitAsync(job, null, platform.Limit)).JobId;
    }

    static async Task<List<Orphan>> FindAsync(Platform platform, string[]? sites = null, params JobOwner[] owners) =>
        await new OrphanFinder(platform.Grid, owners).FindAsync(sites ?? s_sites, e => throw e, platform.Limit).ToListAsync(platform.Limit);
}
