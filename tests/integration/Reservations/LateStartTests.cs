using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Reservations;

/// <summary>OAR gives less than it was asked for, and does not say so unless it is asked again.</summary>
[Collection(LabCollection.Name)]
public class LateStartTests(OarLab lab)
{
    [LabFact]
    public async Task A_server_that_was_stuck_starts_late_and_cuts_the_walltime_but_keeps_the_end()
    {
        await using ReservationLab test = await lab.OpenReservationsAsync();
        Reservation made = await test.ReserveAsync(ReservationLab.Request(1, 1, "late"));
        await lab.SignalServerAsync(OarLab.Brest, "STOP");
        try
        {
            TimeSpan wait = made.Start!.Value + TimeSpan.FromSeconds(8) - DateTimeOffset.UtcNow;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, test.Limit);
        }
        finally
        {
            await lab.SignalServerAsync(OarLab.Brest, "CONT");
        }
        await using SchedulerTicker _ = lab.Tick();
        Reservation running = await test.Service.WaitAsync(made, TimeSpan.FromSeconds(60), cancellationToken: test.Limit);
        ReservationJob late = running.Jobs.Single(j => j.Site == OarLab.Brest);
        Assert.InRange(late.StartedLate.TotalSeconds, 8, 90);
        Assert.InRange((late.WalltimeCut - late.StartedLate).TotalSeconds, -2, 2);
        Assert.InRange((late.EndsAt - made.EndsAt)!.Value.TotalSeconds, -2, 2);
        await test.ReleaseAsync(running);
    }

    [LabFact]
    public async Task A_node_that_is_dead_at_the_start_is_missed()
    {
        await using ReservationLab test = await lab.OpenReservationsAsync();
        await using SchedulerTicker _ = lab.Tick();
        Reservation made = await test.ReserveAsync(
            ReservationLab.Request(8, 0, "fewer") with { Clusters = ["argon"],
            Start = ReservationStart.At(ReservationLab.In(TimeSpan.FromSeconds(30))) });
        const string lost = "argon-3.arles.grid5000.fr";
        await lab.AsAsync(OarLab.Arles, "root", "oarnodesetting", "-s", "Absent", "-h", lost);
        try
        {
            Reservation running = await test.Service.WaitAsync(made, TimeSpan.FromSeconds(120), cancellationToken: test.Limit);
            Assert.Equal((7, 1), (running.Nodes.Count, running.MissingNodes));
            Assert.DoesNotContain(lost, running.Nodes);
            Assert.Contains(test.Warnings, w => w.Contains("7 of 8 nodes", StringComparison.Ordinal));
            await test.ReleaseAsync(running);
        }
        finally
        {
            await lab.AsAsync(OarLab.Arles, "root", "oarnodesetting", "-s", "Alive", "-h", lost);
        }
    }

    [LabFact]
    public async Task A_submission_that_is_cancelled_during_the_validation_leaves_nothing()
    {
        await using ReservationLab test = await lab.OpenReservationsAsync();
        await lab.SignalServerAsync(OarLab.Brest, "STOP");
        try
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(test.Limit);
            Task<Reservation> submission = test.ReserveAsync(
                ReservationLab.Request(1, 1, "cancelled") with { Start = ReservationStart.At(ReservationLab.In(TimeSpan.FromHours(1))) },
                cancel.Token);
            while ((await test.FindAsync("cancelled")).Count < 2) await Task.Delay(200, test.Limit);
            await cancel.CancelAsync();
            await lab.SignalServerAsync(OarLab.Brest, "CONT");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submission);
        }
        finally
        {
            await lab.SignalServerAsync(OarLab.Brest, "CONT");
        }
        Assert.Empty(await test.FindAsync("cancelled"));
        Assert.Null(await test.Service.FindAsync("cancelled", test.Limit));
    }
}
