using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Deployments.Steps;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Deployments;

/// <summary>
/// Drives one deployment from its journal to an end: Ready, Failed or Released. Holds the driver lock as long as it lives.
/// </summary>
sealed class DeploymentDriver(IGrid grid, IReporter reporter, string folder, FileLock driverLock)
{
    static readonly TimeSpan s_releaseTimeout = TimeSpan.FromMinutes(15);

    public Action<JournalEntry>? BeforeAppend { get; init; }
    public Func<IReadOnlyList<DeploymentStep>, IReadOnlyList<DeploymentStep>>? Arrange { get; init; }

    /// <summary>Runs what is left of the deployment. Faults only when the journal cannot be written.</summary>
    public async Task DriveAsync(bool isMainJob, CancellationToken cancellationToken)
    {
        using FileLock _ = driverLock;
        JournalReader past = JournalReader.Read(folder);
        using DeploymentJournal journal = DeploymentJournal.Open(folder, grid.Time, BeforeAppend);
        journal.Append(new JournalEntry { Driver = new DriverPart(Environment.ProcessId, Environment.MachineName, isMainJob) });
        var context = new DeploymentContext(grid, reporter, journal, past);
        await using (context.ConfigureAwait(false))
        {
            if (past.State is { State: DeploymentState.Releasing } releasing)
            {
                await ReleaseAsync(context, releasing.Final ?? DeploymentState.Released, releasing.Reason).ConfigureAwait(false);
                return;
            }
            try
            {
                await RunStepsAsync(context, past, isMainJob, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await EndAsync(context, DeploymentState.Released, "cancelled").ConfigureAwait(false);
            }
            catch (Exception e)
            {
                await EndAsync(context, DeploymentState.Failed, e.Message).ConfigureAwait(false);
            }
        }
    }

    async Task RunStepsAsync(DeploymentContext context, JournalReader past, bool isMainJob, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeploymentStep> steps = DeploymentPlanner.Steps(context.Request);
        if (Arrange is not null) steps = Arrange(steps);
        if (context.Facts.Reservation is not null && past.Driver is not null) await JobWatcher.CheckAsync(context, cancellationToken).ConfigureAwait(false);
        bool handsOver = context.Request.Unattended && !isMainJob;
        if (handsOver)
        {
            await new StepGraphRunner([steps[0]], context, past.Steps).RunAsync(cancellationToken).ConfigureAwait(false);
            return;   // the main job goes on from here
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watch = JobWatcher.WatchAsync(context, stop.Token);
        Task run = new StepGraphRunner(steps, context, past.Steps).RunAsync(stop.Token);
        Task first = await Task.WhenAny(run, watch).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await ((Task)Task.WhenAll(run, watch)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == watch && watch.Exception?.InnerException is { } lost) context.Report(Findings.FromException("", lost));
        await first.ConfigureAwait(false);
        context.Write(new StatePart(DeploymentState.Ready));
    }

    /// <summary>A failure or a cancellation: the jobs go, unless they are the user's own or were to be kept.</summary>
    static Task EndAsync(DeploymentContext context, DeploymentState final, string reason)
    {
        bool keeps = final == DeploymentState.Failed && context.Facts.Reservation is not null && (context.Request.KeepOnFailure || !context.Facts.MayRelease);
        if (!keeps) return ReleaseAsync(context, final, reason);
        context.Write(new StatePart(DeploymentState.Failed, JobsKept: true, Reason: reason));
        return Task.CompletedTask;
    }

    static async Task ReleaseAsync(DeploymentContext context, DeploymentState final, string? reason)
    {
        context.Write(new StatePart(DeploymentState.Releasing, final, Reason: reason));
        using var limit = new CancellationTokenSource(s_releaseTimeout, context.Time);
        var service = new ReservationService(context.Grid, context.Reporter);
        // The jobs of a reservation that was being made when a process died are known by their name alone.
        Reservation? reservation = context.Facts.Reservation ?? await service.FindAsync(JobSteps.JobName(context.Id), limit.Token).ConfigureAwait(false);
        bool mine = context.Facts.MayRelease || final == DeploymentState.Released || context.Facts.Reservation is null;
        if (reservation is not null && mine)
        {
            reservation = await service.ReleaseAsync(reservation, limit.Token).ConfigureAwait(false);
            context.Update(f => f with { Reservation = reservation });
        }
        context.Write(new StatePart(final, Reason: reason));
    }

    /// <summary>Deletes the jobs of a deployment that nobody drives.</summary>
    public async Task ReleaseAsync()
    {
        using FileLock _ = driverLock;
        JournalReader past = JournalReader.Read(folder);
        if (past.State is { State: DeploymentState.Released }) return;
        using DeploymentJournal journal = DeploymentJournal.Open(folder, grid.Time, BeforeAppend);
        var context = new DeploymentContext(grid, reporter, journal, past);
        await using (context.ConfigureAwait(false))
            await ReleaseAsync(context, DeploymentState.Released, "released").ConfigureAwait(false);
    }
}
