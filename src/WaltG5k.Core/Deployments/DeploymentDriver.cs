using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Deployments;

/// <summary>
/// Drives one deployment from its journal to an end: Ready, Failed or Released. Holds the driver lock as long as it lives.
/// </summary>
sealed class DeploymentDriver<TContext>(IGrid grid, IReporter reporter, DeploymentKind<TContext> kind, string folder, FileLock driverLock)
    where TContext : StepContext
{
    static readonly TimeSpan s_releaseTimeout = TimeSpan.FromMinutes(15);

    public Action<JournalEntry>? BeforeAppend { get; init; }
    public Func<IReadOnlyList<Step<TContext>>, IReadOnlyList<Step<TContext>>>? Arrange { get; init; }

    /// <summary>Whoever cancels wants to keep the jobs.</summary>
    public bool KeepsJobs { get; set; }

    /// <summary>Runs what is left of the deployment. Faults only when the journal cannot be written.</summary>
    public async Task DriveAsync(bool isMainJob, CancellationToken cancellationToken)
    {
        using FileLock _ = driverLock;
        JournalReader past = JournalReader.Read(folder);
        using DeploymentJournal journal = DeploymentJournal.Open(folder, grid.Time, BeforeAppend);
        journal.Append(new JournalEntry { Driver = new DriverPart(Environment.ProcessId, Environment.MachineName, isMainJob) });
        TContext context = kind.Open(grid, reporter, journal, past);
        await using (context.ConfigureAwait(false))
        {
            if (past.State is { State: DeploymentState.Releasing } releasing)
            {
                await ReleaseAsync(context, releasing.Final ?? DeploymentState.Released, releasing.Reason, releasing.JobsKept).ConfigureAwait(false);
                return;
            }
            try
            {
                await RunStepsAsync(context, past, isMainJob, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                bool keepsJobs = KeepsJobs || (context.KeepsGivenJobs && context.Reservation is not null && !context.MayRelease);
                await ReleaseAsync(context, DeploymentState.Released, "cancelled", keepsJobs).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                await EndAsync(context, DeploymentState.Failed, e.Message).ConfigureAwait(false);
            }
        }
    }

    async Task RunStepsAsync(TContext context, JournalReader past, bool isMainJob, CancellationToken cancellationToken)
    {
        IReadOnlyList<Step<TContext>> steps = kind.Steps(context);
        if (Arrange is not null) steps = Arrange(steps);
        if (context.Reservation is not null && past.Driver is not null) await JobWatcher.CheckAsync(context, cancellationToken).ConfigureAwait(false);
        bool handsOver = context.IsUnattended && !isMainJob;
        if (handsOver)
        {
            await new StepGraphRunner<TContext>([steps[0]], context, past.Steps).RunAsync(cancellationToken).ConfigureAwait(false);
            return;   // the main job goes on from here
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watch = JobWatcher.WatchAsync(context, stop.Token);
        Task run = new StepGraphRunner<TContext>(steps, context, past.Steps).RunAsync(stop.Token);
        Task first = await Task.WhenAny(run, watch).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await ((Task)Task.WhenAll(run, watch)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == watch && watch.Exception?.InnerException is { } lost) context.Report(Findings.FromException("", lost));
        await first.ConfigureAwait(false);
        context.Write(new StatePart(DeploymentState.Ready));
    }

    /// <summary>A failure: the jobs go, unless they are the user's own or were to be kept.</summary>
    static Task EndAsync(TContext context, DeploymentState final, string reason)
    {
        bool keeps = final == DeploymentState.Failed && context.Reservation is not null && (context.KeepOnFailure || !context.MayRelease);
        if (!keeps) return ReleaseAsync(context, final, reason);
        context.Write(new StatePart(DeploymentState.Failed, JobsKept: true, Reason: reason));
        return Task.CompletedTask;
    }

    static async Task ReleaseAsync(TContext context, DeploymentState final, string? reason, bool keepsJobs = false)
    {
        context.Write(new StatePart(DeploymentState.Releasing, final, JobsKept: keepsJobs, Reason: reason));
        using var limit = new CancellationTokenSource(s_releaseTimeout, context.Time);
        var service = new ReservationService(context.Grid, context.Reporter);
        // The jobs of a reservation that was being made when a process died are known by their name alone.
        Reservation? reservation = context.Reservation ?? await service.FindAsync(context.JobName, limit.Token).ConfigureAwait(false);
        bool mine = !keepsJobs && (context.MayRelease || final == DeploymentState.Released || context.Reservation is null);
        await context.CleanAsync(mine, limit.Token).ConfigureAwait(false);
        if (reservation is not null && mine)
        {
            reservation = await service.ReleaseAsync(reservation, limit.Token).ConfigureAwait(false);
            context.SetReservation(_ => reservation);
        }
        context.Write(new StatePart(final, JobsKept: keepsJobs, Reason: reason));
    }

    /// <summary>Deletes the jobs of a deployment that nobody drives, or only what it left on their nodes.</summary>
    public async Task ReleaseAsync(bool keepsJobs = false)
    {
        using FileLock _ = driverLock;
        JournalReader past = JournalReader.Read(folder);
        if (past.State is { State: DeploymentState.Released } gone && (!gone.JobsKept || keepsJobs)) return;   // the one that drove it has done it
        using DeploymentJournal journal = DeploymentJournal.Open(folder, grid.Time, BeforeAppend);
        TContext context = kind.Open(grid, reporter, journal, past);
        await using (context.ConfigureAwait(false))
            await ReleaseAsync(context, DeploymentState.Released, "released", keepsJobs).ConfigureAwait(false);
    }
}
