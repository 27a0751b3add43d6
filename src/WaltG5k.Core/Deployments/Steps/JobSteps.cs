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

    public static string JobName(string deploymentId) => $"walt-{deploymentId}";

    public static DeploymentStep Reserve() => new("reserve", "Reserve nodes and VLAN on every site, all or nothing", async (context, cancellationToken) =>
    {
        if (context.Facts.Reservation is { } given) return $"jobs {string.Join(", ", given.Jobs)}";
        var service = new ReservationService(context.Grid, context.Reporter);
        ReservationRequest request = context.Request.Reserve! with { Name = context.Request.Reserve!.Name ?? JobName(context.Id) };
        if (context.Request.Unattended) request = request with { MainCommand = Unattended.MainCommand(context.Request, context.Id) };
        ReservationPlan plan = await service.PlanAsync(request, cancellationToken).ConfigureAwait(false);
        Reservation reservation = await service.SubmitAsync(plan, cancellationToken).ConfigureAwait(false);
        context.Update(f => f with { Reservation = reservation, MayRelease = !reservation.IsAdopted });
        return Describe(reservation, plan, context.Time.GetUtcNow());
    })
    { Expected = TimeSpan.FromSeconds(3), Timeout = TimeSpan.FromMinutes(15) };

    /// <summary>The jobs; where a search has put them off, until when and why.</summary>
    static string Describe(Reservation reservation, ReservationPlan plan, DateTimeOffset now)
    {
        string jobs = $"jobs {string.Join(", ", reservation.Jobs)}";
        if (plan.Slot is null || reservation.Start is not { } start || start - now < s_remarkable) return jobs;
        return $"{jobs}, from {GridZone.Format(start)}{(plan.Slot.WhyNotEarlier.Length > 0 ? $": before, {plan.Slot.WhyNotEarlier}" : "")}";
    }

    public static DeploymentStep WaitRunning(string site) => new($"job.{site}", $"Wait for the job at {site} to run", async (context, cancellationToken) =>
    {
        Reservation reservation = context.Facts.Reservation!;
        ReservationJob job = context.Facts.JobAt(site);
        TimeSpan limit = s_lateness + (reservation.Start is { } start && start > context.Time.GetUtcNow() ? start - context.Time.GetUtcNow() : TimeSpan.Zero);
        OarJob running = await context.Oar(site).WaitRunningAsync(job.JobId, limit, cancellationToken: cancellationToken).ConfigureAwait(false);
        context.Update(f => f with
        {
            Reservation = f.Reservation! with
            {
                Jobs = [.. f.Reservation.Jobs.Select(j => j.Site != site ? j : j with { State = running.State, StartedAt = running.StartedAt, ScheduledAt = running.ScheduledAt, Walltime = running.Walltime, Nodes = running.Nodes })],
            },
        });
        if (running.Walltime is { } walltime && !reservation.IsAdopted) NoteCut(context, site, job, reservation.Walltime.Duration - walltime, walltime);
        return $"{running.Nodes.Count} node(s) until {running.EndsAt:HH:mm:ss}";
    })
    { Needs = ["reserve"], Expected = TimeSpan.FromSeconds(20), Timeout = Timeout.InfiniteTimeSpan };   // bounded by the job's own date, see above

    static void NoteCut(DeploymentContext context, string site, ReservationJob job, TimeSpan cut, TimeSpan left)
    {
        if (cut < TimeSpan.FromSeconds(1)) return;
        bool much = cut > context.Facts.Reservation!.Walltime.Duration / 10;
        context.Report(Findings.WalltimeCut(site, job.JobId, cut, left) with { Severity = much ? FindingSeverity.Warning : FindingSeverity.Information });
    }
}
