using System.Globalization;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar;

// The life of a job: Waiting → toLaunch → Launching → Running → Finishing → Terminated or Error, and its deletion at any point.
public sealed partial class OarServer
{
    const int LaunchSeconds = 2;
    const int FinishSeconds = 1;
    /// <summary>How long an accepted reservation waits for nodes that are not Alive.</summary>
    const int WaitForNodes = 300;

    /// <summary>Registers the deletion of a job.</summary>
    /// <param name="user">Who asks: a job's owner, or root.</param>
    /// <param name="serverKnows">False: it is only noted, and carried out when the server hears of any deletion.</param>
    /// <returns>False when it was deleted before.</returns>
    public bool Delete(OarJob job, string user, bool serverKnows = true) => Change(() =>
    {
        bool isNew = !job.Progress.Fragged;
        if (isNew) Frag(job, user, now: false);
        // A server that wakes up for one deletion carries out all that are noted.
        if (serverKnows)
        {
            foreach (OarJob noted in _open.Values.Where(j => j.Progress is { Fragged: true, KillStarted: false })) StartKill(noted);
        }
        return isNew;
    });

    public void Hold(OarJob job) => Change(() =>
    {
        AddEvent(job, "HOLD_WAITING_JOB", $"User {job.User} launched oarhold on the job {job.Id}");
        job.State = "Hold";
        job.Progress.Due = null;
        _planIsStale = true;
        RequestRun(IdlePeriod);
        return true;
    });

    public void Resume(OarJob job) => Change(() =>
    {
        AddEvent(job, "RESUME_JOB", $"User {job.User} launched oarresume on the job {job.Id}");
        job.State = "Waiting";
        if (job.IsAcceptedReservation) job.Progress.Due = Math.Max(Now + 1, job.Submission.ReservationDate!.Value + job.Progress.Lateness);
        _planIsStale = true;
        RequestRun(1);
        return true;
    });

    void Frag(OarJob job, string user, bool now)
    {
        AddEvent(job, "FRAG_JOB_REQUEST", $"User {user} requested to frag the job {job.Id}", toCheck: job.Submission.IsNoop);
        job.Progress.Fragged = true;
        if (now) StartKill(job);
    }

    void StartKill(OarJob job)
    {
        if (job.HasEnded) return;
        job.Progress.KillStarted = true;
        job.Progress.Due = Now + 1;
    }

    void Step(OarJob job, long now)
    {
        JobProgress progress = job.Progress;
        if (progress.AdministratorKillsAt <= now)
        {
            progress.AdministratorKillsAt = null;
            if (!progress.Fragged) Frag(job, "root", now: true);
            return;
        }
        progress.Due = null;
        if (progress.ExterminatedAt is not null) RemindOrExterminate(job, now);
        else if (job.State == "Finishing") End(job);
        else if (progress.KillStarted) Kill(job);
        else if (job.IsWaiting) StartReservation(job, now);
        else if (job.State == "toLaunch") Move(job, "Launching", now + LaunchSeconds);
        else if (job.State == "Launching") Run(job, now);
        else if (job.State == "Running" && IsBeforeEnd(job, now)) SendCheckpoint(job, now);
        else if (job.State == "Running") ReachWalltime(job, now);
    }

    static void Move(OarJob job, string state, long due)
    {
        job.State = state;
        job.Progress.Due = due;
    }

    void StartReservation(OarJob job, long now)
    {
        LoseNodes(job);
        UnitSet dead = job.Units!.Clone().ExceptWith(AliveUnits());
        long deadline = job.Submission.ReservationDate!.Value + WaitForNodes;
        if (!dead.IsEmpty && (now < deadline || dead.Count == job.Units.Count))
        {
            job.Progress.Due = now < deadline ? Math.Min(now + IdlePeriod, deadline) : now + IdlePeriod;
            job.Progress.ScheduledStart = job.Progress.StartTime = job.Progress.Due.Value;
            return;
        }
        if (KillBestEffort(job.Units))
        {
            job.Progress.Due = now + 1;
            return;
        }
        if (!dead.IsEmpty)
        {
            job.Assign(job.Units.ExceptWith(dead), Table);
            AddEvent(job, "SCHEDULER_REDUCE_NB_NODES_FOR_RESERVATION", $"[MetaSched] Reduce the number of resources for the job {job.Id}.");
        }
        Launch(job, now);
    }

    void LoseNodes(OarJob job)
    {
        if (_world.Faults.Take(FaultNames.OarLosesNodes, Site) is not { } fault || fault.TryGetSeconds() is not { } count) return;
        foreach (NodeModel node in job.Nodes.Take((int)count.TotalSeconds)) node.OarState = "Absent";
    }

    // A reservation that starts late ends when it was to end: its walltime is cut.
    void Launch(OarJob job, long now)
    {
        JobProgress progress = job.Progress;
        if (job.Submission.ReservationDate is long date && now > date)
        {
            int asked = job.Walltime, left = (int)Math.Max(1, date + asked - now);
            progress.Walltime = left;
            AddEvent(job, "REDUCE_RESERVATION_WALLTIME", $"Change walltime from {asked} to {left}", toCheck: true);
        }
        progress.StartTime = now;
        progress.ScheduledStart = now;
        progress.Message = job.Describe(CountRows(job.Units!), scheduled: true);
        progress.Launched = true;
        foreach (NodeModel node in job.Nodes.Where(n => n.IsStandby)) (node.OarState, node.IsStandby) = ("Alive", false);
        Move(job, "toLaunch", now + 1);
    }

    static string PriorityChange(OarJob job) => $"Scheduler priority for job {job.Id} updated (network_address/resource_id)";

    void Run(OarJob job, long now)
    {
        if (!job.Submission.IsNoop && _world.Faults.Strikes(FaultNames.OarPrologueFails, Site))
        {
            FailPrologue(job);
            return;
        }
        if (job.Submission.IsBestEffort) AddEvent(job, "SCHEDULER_PRIORITY_UPDATED_START", PriorityChange(job));
        Move(job, "Running", NextDueOf(job));
        if (_world.Faults.Take(FaultNames.OarKillsRunning, Site) is { } fault)
        {
            job.Progress.AdministratorKillsAt = now + (int.TryParse(fault.Value, CultureInfo.InvariantCulture, out int seconds) ? seconds : 60);
        }
        if (!RunsCommand(job)) return;
        string[] hosts = [.. Table.UnitsOf(job.Units!).Where(u => u.Node is not null)
            .SelectMany(u => Enumerable.Repeat(u.NetworkAddress, u.RowCount))];
        _afterLock.Add(() =>
        {
            string? refusal = _runner!.Start(job, hosts, status => CommandEnded(job, status));
            if (refusal is not null) CommandCannotStart(job, refusal);
        });
    }

    // Other users' commands are not there to be run.
    bool RunsCommand(OarJob job) => _runner is not null && job.User == _world.User && !string.IsNullOrEmpty(job.Submission.Command);

    void CommandEnded(OarJob job, int waitStatus) => Change(() =>
    {
        if (job.State != "Running") return false;
        job.Progress.ExitCode = waitStatus;
        job.Progress.StopTime = Now;
        Move(job, "Finishing", Now + FinishSeconds);
        return true;
    });

    void CommandCannotStart(OarJob job, string reason) => Change(() =>
    {
        AddEvent(job, "SWITCH_INTO_ERROR_STATE", $"[bipbip {job.Id}] Ask to change the job state");
        AddEvent(job, "WORKING_DIRECTORY", $"[bipbip {job.Id}] {reason}");
        job.Progress.KillSent = true;
        Move(job, "Finishing", Now + FinishSeconds);
        return true;
    });

    void GoOn(OarJob job)
    {
        TimeSpan elapsed = TimeSpan.FromSeconds(Math.Max(0, Now - job.Progress.StartTime));
        _afterLock.Add(() =>
        {
            if (_runner!.TryGoOn(job, elapsed, status => CommandEnded(job, status))) return;
            Change(() =>
            {
                CommandIsLost(job);
                return true;
            });
        });
    }

    /// <summary>Sends a signal to the command of a running job.</summary>
    /// <param name="name">Null: it is to make a checkpoint.</param>
    public void Signal(OarJob job, string? name, int number) => Change(() =>
    {
        if (name is null)
        {
            AddEvent(job, "CHECKPOINT", $"User {job.User} requested a checkpoint on the job {job.Id}");
            AddEvent(job, "CHECKPOINT_SUCCESS", $"The job {job.Id} was notified to checkpoint itself on {JobEnvironment.HostOf(job)}.");
            if (RunsCommand(job)) _afterLock.Add(() => _runner!.Signal(job, number));
            return true;
        }
        AddEvent(job, $"SIGNAL_{name}", $"User {job.User} requested the signal {name} on the job {job.Id}");
        AddEvent(job, "SIG_SUCCESS", $"The job {job.Id} was notified to signal itself with {name} on {JobEnvironment.HostOf(job)}.");
        if (RunsCommand(job)) _afterLock.Add(() => _runner!.Signal(job, number));
        return true;
    });

    // The process that ran it ended with the last testbed; OAR notices that as a command that was killed.
    void CommandIsLost(OarJob job)
    {
        const int killed = 9;
        job.Progress.ExitCode = killed;
        Move(job, "Finishing", Now + FinishSeconds);
    }

    /// <summary>When a running job is looked at again: for its checkpoint, then for the end of its walltime.</summary>
    static long NextDueOf(OarJob job) => job.Submission.Checkpoint > 0 && !job.Progress.CheckpointSent
        ? Math.Max(job.Progress.StartTime + 1, job.EndTime - job.Submission.Checkpoint)
        : job.EndTime + 1;

    static bool IsBeforeEnd(OarJob job, long now) => job.Submission.Checkpoint > 0 && !job.Progress.CheckpointSent && now <= job.EndTime;

    void SendCheckpoint(OarJob job, long now)
    {
        if (now >= job.EndTime - job.Submission.Checkpoint)
        {
            job.Progress.CheckpointSent = true;
            AddEvent(job, "CHECKPOINT", $"User oar (sarko) requested a checkpoint on the job {job.Id}");
            AddEvent(job, "CHECKPOINT_SUCCESS", $"The job {job.Id} was notified to checkpoint itself on {JobEnvironment.HostOf(job)}.");
            if (RunsCommand(job)) _afterLock.Add(() => _runner!.Signal(job, job.Submission.CheckpointSignal));
        }
        job.Progress.Due = NextDueOf(job);
    }

    void ReachWalltime(OarJob job, long now)
    {
        Frag(job, "root", now: false);
        AddEvent(job, "WALLTIME", $"[sarko] Job [{job.Id}] from {job.Progress.StartTime} with {job.Walltime}; current time={now} (Elapsed)",
            toCheck: job.Submission.IsNoop);
        StartKill(job);
    }

    void Kill(OarJob job)
    {
        if (!job.IsActive)
        {
            job.Progress.Message = "Job killed by Leon directly";
            job.Progress.StopTime = job.Submission.ReservationDate ?? 0;
            job.Progress.StartTime = job.Progress.StopTime;
            if (job.Submission.IsReservation) job.Progress.Walltime = null;
            job.Assign(null, Table);
            Close(job, "Error");
            return;
        }
        if (!job.Progress.KillSent)
        {
            job.Progress.KillSent = true;
            if (job.Submission.IsNoop)
            {
                job.Progress.Message = "NOOP job killed by Leon";
            }
            else
            {
                AddEvent(job, "SEND_KILL_JOB", $"[Leon] Send the kill signal to oarexec on {JobEnvironment.HostOf(job)} for job {job.Id}");
            }
            if (RunsCommand(job)) _afterLock.Add(() => _runner!.Kill(job));
            job.Progress.Due = Now + 1;
            return;
        }
        Move(job, "Finishing", Now + FinishSeconds);
    }

    void End(OarJob job)
    {
        bool killed = job.Progress.KillSent;
        if (killed && !job.Submission.IsNoop && !job.Progress.Events.Exists(e => e.Type == "SWITCH_INTO_ERROR_STATE"))
        {
            AddEvent(job, "SWITCH_INTO_ERROR_STATE", $"[bipbip {job.Id}] Ask to change the job state");
        }
        else if (!killed)
        {
            AddEvent(job, "SWITCH_INTO_TERMINATE_STATE", $"[bipbip {job.Id}] Ask to change the job state");
        }
        job.Progress.StopTime = Now;
        Close(job, killed && !job.Submission.IsNoop ? "Error" : "Terminated");
        if (killed && job.Submission.IsBestEffort && job.Submission.HasType("idempotent")) ResubmitBestEffort(job);
        if (job.Submission.IsBestEffort) AddEvent(job, "SCHEDULER_PRIORITY_UPDATED_STOP", PriorityChange(job));
    }

    void Close(OarJob job, string state)
    {
        job.State = state;
        job.Progress.Due = null;
        job.Progress.AdministratorKillsAt = null;
        _open.Remove(job.Id);
        _closedSinceRun.Add(job);
        _planIsStale = true;
        RequestRun(1);
    }

    // Only the text of the event tells the new id.
    void ResubmitBestEffort(OarJob job)
    {
        if (!job.Progress.Events.Exists(e => e.Type == "BESTEFFORT_KILL")) return;
        OarJob copy = AddNew(job.Submission with { ResubmitJobId = job.Id, ArrayId = 0, ArrayIndex = 1 }, CountRows(job.Units!));
        AddEvent(job, "RESUBMIT_JOB_AUTOMATICALLY",
            $"[bipbip {job.Id}] the job {job.Id} is a besteffort and idempotent job so we resubmit it (new id = {copy.Id})");
    }
}
