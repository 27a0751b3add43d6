using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Deployments.Steps;

/// <summary>Getting the nodes: the reservation, then each site's job.</summary>
static class JobSteps
{
    /// <summary>How long after its date a job may still start: OAR waits up to 5 minutes for nodes that are not alive.</summary>
    static readonly TimeSpan s_lateness = TimeSpan.FromMinutes(15);

    /// <summary>A later start than this is told.</summary>
    static readonly TimeSpan s_remarkable = TimeSpan.FromMinutes(1);

    public static DeploymentStep Reserve() => new("reserve", "Reserve nodes and VLAN on every site, all or nothing", ReserveAsync)
    { Expected = TimeSpan.FromSeconds(3), Timeout = TimeSpan.FromMinutes(15) };

    public static async Task<string> ReserveAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (context.Reservation is { } given) return $"jobs {string.Join(", ", given.Jobs)}";
        var service = new ReservationService(context.Grid, context.Reporter);
        ReservationRequest request = context.Reserve! with { Name = context.Reserve!.Name ?? context.JobName };
        if (context.MainCommand is { } command) request = request with { MainCommand = command };
        ReservationPlan plan = await service.PlanAsync(request, cancellationToken).ConfigureAwait(false);
        Reservation reservation = await service.SubmitAsync(plan, cancellationToken).ConfigureAwait(false);
        context.SetReservation(_ => reservation, mayRelease: !reservation.IsAdopted);
        return Describe(reservation, plan, context.Time.GetUtcNow());
    }

    /// <summary>The jobs; where a search has put them off, until when and why.</summary>
    static string Describe(Reservation reservation, ReservationPlan plan, DateTimeOffset now)
    {
        string jobs = $"jobs {string.Join(", ", reservation.Jobs)}";
        if (plan.Slot is null || reservation.Start is not { } start || start - now < s_remarkable) return jobs;
        return $"{jobs}, from {GridZone.Format(start)}{(plan.Slot.WhyNotEarlier.Length > 0 ? $": before, {plan.Slot.WhyNotEarlier}" : "")}";
    }

    public static DeploymentStep WaitRunning(string site) =>
        new($"job.{site}", $"Wait for the job at {site} to run", (context, cancellationToken) => WaitRunningAsync(context, site, cancellationToken))
        { Needs = ["reserve"], Expected = TimeSpan.FromSeconds(20), Timeout = Timeout.InfiniteTimeSpan };   // bounded by the job's own date, see below

    public static async Task<string> WaitRunningAsync(StepContext context, string site, CancellationToken cancellationToken)
    {
        Reservation reservation = context.Reservation!;
        ReservationJob job = context.JobAt(site);
        TimeSpan limit = s_lateness + (reservation.Start is { } start && start > context.Time.GetUtcNow() ? start - context.Time.GetUtcNow() : TimeSpan.Zero);
        OarJob running = await context.Oar(site).WaitRunningAsync(job.JobId, limit, cancellationToken: cancellationToken).ConfigureAwait(false);
        context.SetReservation(r => r! with
        {
            Jobs = [.. r.Jobs.Select(j => j.Site != site ? j : j with { State = running.State, StartedAt = running.StartedAt, ScheduledAt = running.ScheduledAt, Walltime = running.Walltime, Nodes = running.Nodes })],
        });
        if (running.Walltime is { } walltime && !reservation.IsAdopted) NoteCut(context, site, job, reservation.Walltime.Duration - walltime, walltime);
        return $"{running.Nodes.Count} node(s) until {running.EndsAt:HH:mm:ss}";
    }

    static void NoteCut(StepContext context, string site, ReservationJob job, TimeSpan cut, TimeSpan left)
    {
        if (cut < TimeSpan.FromSeconds(1)) return;
        bool much = cut > context.Reservation!.Walltime.Duration / 10;
        context.Report(Findings.WalltimeCut(site, job.JobId, cut, left) with { Severity = much ? FindingSeverity.Warning : FindingSeverity.Information });
    }
}
