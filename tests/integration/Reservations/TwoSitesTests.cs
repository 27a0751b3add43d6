using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Reservations;

/// <summary>Reservations over both sites, against the real OAR.</summary>
[Collection(LabCollection.Name)]
public class TwoSitesTests(OarLab lab)
{
    [LabFact]
    public async Task Both_sites_start_at_the_common_date_and_end_together()
    {
        await using ReservationLab test = await lab.OpenReservationsAsync();
        await using SchedulerTicker _ = lab.Tick();
        Reservation made = await test.ReserveAsync(ReservationLab.Request(2, 1, "both") with { ServerSite = OarLab.Arles, Vlan = VlanKind.Global });
        Assert.Equal([OarLab.Arles, OarLab.Brest], made.Sites);
        Assert.Equal(made.Start + TimeSpan.FromMinutes(20), made.EndsAt);

        Reservation running = await test.Service.WaitAsync(made, TimeSpan.FromSeconds(40), cancellationToken: test.Limit);
        Assert.Equal("Running", running.State);
        Assert.Equal((4, 0), (running.Nodes.Count, running.MissingNodes));
        Assert.All(running.Jobs, j => Assert.InRange(j.StartedLate.TotalSeconds, 0, 60)); // as late as OAR itself may be
        Assert.InRange((running.EndsAt - made.EndsAt)!.Value.TotalSeconds, -2, 2);
        Assert.StartsWith("ambre-", running.Jobs.Single(j => j.HoldsServer).Nodes.First(n => n.StartsWith("ambre", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        OarJobResource vlan = Assert.Single(await OarClient.For(test.Grid, OarLab.Arles)
            .GetResourcesAsync(running.Jobs.Single(j => j.HoldsVlan).JobId, test.Limit), r => r.Vlan is not null);
        Assert.Equal(("11", "kavlan-global"), (vlan.Vlan, vlan.VlanType));

        await test.ReleaseAsync(running);
        Assert.Empty(await test.FindAsync("both"));
    }

    [LabFact]
    public async Task A_refusal_at_the_second_site_leaves_nothing_at_the_first_and_names_the_next_date()
    {
        await using ReservationLab test = await lab.OpenReservationsAsync();
        DateTimeOffset date = ReservationLab.In(TimeSpan.FromMinutes(30));
        Reservation inTheWay = await test.ReserveAsync(
            ReservationLab.Request(0, 3, "in-the-way") with { Clusters = ["bruyere"], Start = ReservationStart.At(date) });

        ReservationRequest both = ReservationLab.Request(2, 1, "too-many") with { Clusters = ["bruyere", "argon"],
            Start = ReservationStart.At(date + TimeSpan.FromMinutes(5)) };
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => test.ReserveAsync(both));
        Assert.Equal(("NoFreeResource", OarLab.Brest), (e.Code, e.Target));
        Assert.InRange(Assert.IsType<DateTimeOffset>(e.Data["NextPossibleStart"]), date + TimeSpan.FromMinutes(20), date + TimeSpan.FromMinutes(22));
        Assert.Empty(await test.FindAsync("too-many"));
        Assert.Null(await test.Service.FindAsync("too-many", test.Limit));
        await test.ReleaseAsync(inTheWay);
    }

    [LabFact]
    public async Task What_can_never_be_given_leaves_nothing_either()
    {
        await using ReservationLab test = await lab.OpenReservationsAsync();
        ReservationRequest request = ReservationLab.Request(1, 3, "never") with { Property = "memnode >= 131072", Clusters = ["bruyere", "argon"] };
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() => test.ReserveAsync(request));
        Assert.Equal("NoResource", e.Code);
        Assert.Empty(test.Warnings);
        Assert.Empty(await test.FindAsync("never"));
    }

    [LabFact]
    public async Task A_start_as_soon_as_possible_searches_on_with_the_date_that_oar_names()
    {
        await using ReservationLab test = await lab.OpenReservationsAsync();
        Reservation inTheWay = await test.ReserveAsync(ReservationLab.Request(0, 3, "busy-now") with { Clusters = ["bruyere"] });
        Reservation found = await test.ReserveAsync(
            ReservationLab.Request(1, 1, "after-it") with { Clusters = ["bruyere", "argon"],
            LatestStart = ReservationLab.In(TimeSpan.FromHours(1)) });
        Assert.InRange(found.Start!.Value, inTheWay.EndsAt!.Value, inTheWay.EndsAt.Value + TimeSpan.FromMinutes(2));
        Assert.All(found.Jobs, j => Assert.Equal(found.Start, j.StartedAt));
        Assert.Contains(OarLab.Brest, Assert.Single(test.Warnings), StringComparison.Ordinal);
        Assert.Equal(2, (await test.FindAsync("after-it")).Count);
        await test.ReleaseAsync(found);
        await test.ReleaseAsync(inTheWay);
    }

    [LabFact]
    public async Task The_search_ends_where_the_user_wants()
    {
        await using ReservationLab test = await lab.OpenReservationsAsync();
        Reservation inTheWay = await test.ReserveAsync(ReservationLab.Request(0, 3, "busy-long") with { Clusters = ["bruyere"] });
        ReservationRequest soon = ReservationLab.Request(1, 1, "soon") with { Clusters = ["bruyere", "argon"],
            LatestStart = ReservationLab.In(TimeSpan.FromMinutes(10)) };
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => test.ReserveAsync(soon));
        Assert.Equal("NoFreeResource", e.Code);
        Assert.Single(Assert.IsType<ReservationRound[]>(e.Data["Rounds"]));
        Assert.Empty(await test.FindAsync("soon"));
        await test.ReleaseAsync(inTheWay);
    }

    [LabFact]
    public async Task The_rule_of_two_waiting_reservations_is_told_in_its_own_words()
    {
        await using ReservationLab test = await lab.OpenReservationsAsync(OarLab.Bob);
        DateTimeOffset date = ReservationLab.In(TimeSpan.FromHours(2));
        var made = new List<Reservation>();
        foreach (string name in (string[])["first", "second"])
            made.Add(await test.ReserveAsync(ReservationLab.Request(1, 1, name) with { Start = ReservationStart.At(date) }));
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() =>
            test.ReserveAsync(ReservationLab.Request(1, 1, "third") with { Start = ReservationStart.At(date) }));
        Assert.Equal("SubmissionRefused", e.Code);
        Assert.Contains("you cannot have more than 2 waiting advance reservations", e.Message, StringComparison.Ordinal);
        Assert.Empty(await test.FindAsync("third"));
        foreach (Reservation reservation in made) await test.ReleaseAsync(reservation);
    }
}
