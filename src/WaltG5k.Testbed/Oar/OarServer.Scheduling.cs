using System.Globalization;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;
using WaltG5k.Testbed.Oar.Scheduling;

namespace WaltG5k.Testbed.Oar;

// Conservative backfilling: running jobs and accepted reservations stand; every other job, in the order of submission, gets the first place that
// delays none before it. Best-effort jobs come last and give way. Between two ends of jobs the plan only grows, so it is kept.
public sealed partial class OarServer
{
    readonly List<OarJob> _closedSinceRun = [];
    bool _planIsStale = true;
    Timeline? _plan;

    /// <summary>Answers a reservation: accepted, or refused with the reason that oarsub prints.</summary>
    /// <returns>Null: accepted.</returns>
    public string? Validate(OarJob job) => Change(() =>
    {
        if (job.HasEnded || job.Progress.Fragged) return "Job killed";
        string? refusal = Reserve(job, Now);
        if (refusal is null) return null;
        job.Progress.Reservation = "Scheduled";
        job.Progress.Message = refusal;
        job.Progress.StopTime = job.Progress.StartTime = job.Submission.ReservationDate!.Value;
        Close(job, "Error");
        return refusal;
    });

    string? Reserve(OarJob job, long now)
    {
        JobProgress progress = job.Progress;
        long asked = job.Submission.ReservationDate!.Value;
        if (asked + job.Walltime <= now) return "Reservation too old";
        if (_world.Faults.Strikes(FaultNames.OarRefuses, Site)) return CouldRunAt(asked + 7200);
        long date = Math.Max(asked, now);
        // One whose date is past starts at once, and still ends when it was to end.
        int length = (int)(asked + job.Walltime - date) + SecuritySeconds;
        Timeline standing = job.Submission.Container is long id ? PlanContainer(_jobs[id], now) : PlanStandingJobs(now, AliveUnits());
        Prepare(job);
        UnitSet? units = job.Selectors![0].Select(standing.FreeDuring(date, date + length));
        if (units is null)
        {
            return standing.FindFirst(date, length, job.Selectors[0]) is { } place ? CouldRunAt(place.Start + 1) : "This reservation cannot run";
        }
        job.Assign(units, Table);
        job.State = "Waiting";
        progress.Reservation = "Scheduled";
        progress.Considered = true;
        progress.StartTime = date;
        progress.ScheduledStart = date;
        progress.Walltime = job.Walltime;
        progress.Message = job.Describe(CountRows(units), scheduled: true);
        progress.Lateness = GetLateness(job.Walltime);
        progress.Due = date + (asked <= now ? 0 : progress.Lateness);
        PlanAdministrator(job);
        _planIsStale = true;
        RequestRun(1);
        return null;
    }

    static string CouldRunAt(long date) => $"This reservation could run at {OarFormat.Date(date)}";

    // The scheduler comes by when something happens, or once a minute: a few seconds late, the same ones for the same seed.
    int GetLateness(int walltime)
    {
        int seconds = _world.Faults.Take(FaultNames.OarStartsLate, Site) is { } fault && int.TryParse(fault.Value, out int given)
            ? given
            : 1 + (int)(_world.Faults.Jitter(1) * 4);
        return Math.Clamp(seconds, 0, Math.Max(0, walltime - 1));
    }

    void PlanAdministrator(OarJob job)
    {
        if (_world.Faults.Strikes(FaultNames.OarKillsWaiting, Site)) job.Progress.AdministratorKillsAt = Now + 10;
    }

    void Schedule(long now)
    {
        // Predictions outlive the job until the scheduler comes by.
        foreach (OarJob closed in _closedSinceRun)
        {
            closed.Progress.ScheduledStart = null;
            if (!closed.Progress.Launched) closed.Progress.Walltime = null;
        }
        _closedSinceRun.Clear();
        foreach (OarJob held in _open.Values.Where(j => j.State == "Hold" && !j.Submission.IsReservation))
        {
            held.Progress.ScheduledStart = null;
            held.Progress.Walltime = null;
            held.Assign(null, Table);
        }
        GrantPendingWalltimes(now);
        bool rebuilt = _planIsStale || _plan is null;
        if (rebuilt)
        {
            _planIsStale = false;
            _plan = PlanStandingJobs(now, AliveUnits());
        }
        OarJob[] waiting = [.. _open.Values.Where(j => j.State == "Waiting" && !j.Submission.IsReservation && !j.Progress.Fragged)];
        foreach (OarJob job in waiting.Where(j => !j.Submission.IsBestEffort && (rebuilt || NeedsPlace(j)))) Place(job, _plan!, now);
        if (waiting.Any(j => j.Submission.IsBestEffort))
        {
            Timeline rest = _plan!.Clone();
            foreach (OarJob job in _open.Values.Where(j => j.IsActive && j.Submission.IsBestEffort)) TakeStanding(rest, job, now);
            foreach (OarJob job in waiting.Where(j => j.Submission.IsBestEffort)) Place(job, rest, now);
        }
        foreach (OarJob job in waiting) StartIfDue(job, now);
        RequestNextRun(waiting, now);
    }

    static bool NeedsPlace(OarJob job) => !job.Progress.Considered || job.Progress.ScheduledStart is null;

    void StartIfDue(OarJob job, long now)
    {
        if (job.Progress.ScheduledStart is not long start || start > now || job.State != "Waiting") return;
        if (OpenDependencies(job).Any() || !AliveUnits().Contains(job.Units!))
        {
            _planIsStale = true;
            return;
        }
        if (!job.Submission.IsBestEffort && KillBestEffort(job.Units!)) return;
        Launch(job, now);
    }

    void RequestNextRun(OarJob[] waiting, long now)
    {
        foreach (OarJob job in waiting.Where(j => j.State == "Waiting"))
        {
            long start = job.Progress.ScheduledStart ?? now + IdlePeriod;
            RequestRun((int)Math.Clamp(start - now, 1, int.MaxValue));
        }
        if (_open.Values.Any(j => j.Progress.WalltimePending > 0)) RequestRun(IdlePeriod);
        // Jobs without a place look at the nodes again, which may be Alive by then.
        if (waiting.Any(j => j.Progress.ScheduledStart is null)) _planIsStale = true;
    }

    Timeline PlanStandingJobs(long now, UnitSet free)
    {
        var timeline = new Timeline(now, free);
        foreach (OarJob job in _open.Values)
        {
            if (job.Submission.Container is not null) continue;
            if ((job.IsActive && !job.Submission.IsBestEffort) || job.IsAcceptedReservation) TakeStanding(timeline, job, now);
        }
        return timeline;
    }

    static void TakeStanding(Timeline timeline, OarJob job, long now)
    {
        // One that should have ended is about to.
        long end = job.State == "Finishing" ? now + FinishSeconds : Math.Max(job.EndTime, now + 1) + SecuritySeconds;
        timeline.Take(job.Progress.StartTime, end, job.Units!);
    }

    void Place(OarJob job, Timeline plan, long now)
    {
        JobProgress progress = job.Progress;
        bool isFirst = !progress.Considered;
        progress.Considered = true;
        progress.ScheduledStart = null;
        progress.Walltime = null;
        job.Assign(null, Table);
        // Such a job waits without a word.
        if (IsOverQuota(job)) return;
        if (Hindrance(job) is { } hindrance)
        {
            progress.Message = hindrance;
            return;
        }
        Prepare(job);
        if (job.Submission.Container is long id) plan = PlanContainer(_jobs[id], now);
        long earliest = Math.Max(Math.Max(now, PostponedUntil(job)), EndOfDependencies(job, now));
        (long Start, UnitSet Units, int Alternative, int Walltime)? best = null;
        for (int i = 0; i < job.Selectors!.Count; i++)
        {
            int walltime = job.Submission.Requests[i].Walltime!.Value;
            int guard = job.Submission.Container is null ? SecuritySeconds : 0;
            if (plan.FindFirst(earliest, walltime + guard, job.Selectors[i]) is not { } place) continue;
            if (best is null || place.Start + walltime < best.Value.Start + best.Value.Walltime) best = (place.Start, place.Units, i, walltime);
        }
        if (best is not { } chosen)
        {
            progress.Message = "No enough matching resources (no_matching_slot)";
            return;
        }
        progress.Alternative = chosen.Alternative;
        progress.ScheduledStart = chosen.Start;
        progress.Walltime = chosen.Walltime;
        job.Assign(chosen.Units, Table);
        if (NeverRuns(job, chosen.Start) is { } reason)
        {
            progress.Message = reason;
            progress.Walltime = null;
            Close(job, "Error");
            return;
        }
        progress.Message = job.Describe(CountRows(chosen.Units), scheduled: true);
        if (job.Submission.Container is null) plan.Take(chosen.Start, chosen.Start + chosen.Walltime + SecuritySeconds, chosen.Units);
        if (isFirst && chosen.Start > now) PlanAdministrator(job);
    }

    Timeline PlanContainer(OarJob container, long now)
    {
        Timeline inside = Timeline.Within(now, Math.Max(now, container.EndTime), container.Units!);
        foreach (OarJob job in _open.Values.Where(j => j.Submission.Container == container.Id && j.Units is not null))
        {
            if (job.IsActive) inside.Take(job.Progress.StartTime, job.EndTime, job.Units!);
            else if (job.Progress.ScheduledStart is long start) inside.Take(start, start + job.Walltime, job.Units!);
        }
        return inside;
    }

    string? Hindrance(OarJob job)
    {
        foreach (long id in job.Submission.Dependencies)
        {
            bool hasKnownEnd = _jobs.TryGetValue(id, out OarJob? other)
                && (other.HasEnded || other.IsActive || other.Progress.ScheduledStart is not null);
            if (!hasKnownEnd) return $"Cannot determine scheduling time due to dependency with the job {id}";
        }
        bool containerRuns = job.Submission.Container is not long container || _jobs.GetValueOrDefault(container) is { State: "Running" };
        return containerRuns ? null : "No enough matching resources (no_matching_slot)";
    }

    bool IsOverQuota(OarJob job)
    {
        if (_world.Faults.Take(FaultNames.OarQuota, Site) is not { } quota || !int.TryParse(quota.Value, CultureInfo.InvariantCulture, out int most))
            return false;
        return most <= _open.Values.Count(j => j.User == job.User && j != job
            && (j.IsActive || (j.State == "Waiting" && j.Progress.ScheduledStart is not null)));
    }

    // By the prediction; a job that it waits for may last longer than that, and ends sooner as a rule.
    long EndOfDependencies(OarJob job, long now)
    {
        long end = 0;
        foreach (OarJob other in OpenDependencies(job))
        {
            end = Math.Max(end, Math.Max(now + 1, other.IsActive ? other.EndTime : other.Progress.ScheduledStart!.Value + other.Walltime));
        }
        return end;
    }

    IEnumerable<OarJob> OpenDependencies(OarJob job) => job.Submission.Dependencies.Select(id => _open.GetValueOrDefault(id)).OfType<OarJob>();

    static long PostponedUntil(OarJob job) => job.Submission.ValueOfType("postpone") is { } date ? OarFormat.ParseDate(date) ?? 0 : 0;

    static string? NeverRuns(OarJob job, long start)
    {
        if (job.Submission.ValueOfType("expire") is { } expire && start > OarFormat.ParseDate(expire)) return Reason("expire", expire);
        if (job.Submission.ValueOfType("deadline") is { } deadline && start + job.Walltime > OarFormat.ParseDate(deadline))
            return Reason("deadline", deadline);
        return null;

        static string Reason(string type, string date) => $"Job will never run ({type}={date}), setting it to error";
    }

    void Prepare(OarJob job)
    {
        if (job.Selectors is not null) return;
        Submission asked = job.Submission;
        job.Selectors = [.. asked.Requests.Select(r => new ResourceSelector(Table, r, asked.Properties, asked.Queue))];
    }

    UnitSet AliveUnits() => Table.Where(u => u.IsAlive);

    /// <returns>Whether there was any to kill: then the resources are free a few seconds later.</returns>
    bool KillBestEffort(UnitSet units)
    {
        bool any = false;
        foreach (OarJob job in _open.Values.Where(j => j.IsActive && j.Submission.IsBestEffort && j.Units!.Overlaps(units)))
        {
            any = true;
            if (job.Progress.Fragged) continue;
            AddEvent(job, "BESTEFFORT_KILL", $"[MetaSched] kill the besteffort job {job.Id}");
            Frag(job, "root", now: true);
        }
        return any;
    }
}
