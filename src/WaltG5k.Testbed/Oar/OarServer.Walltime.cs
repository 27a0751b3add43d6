using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;
using WaltG5k.Testbed.Oar.Scheduling;

namespace WaltG5k.Testbed.Oar;

// Changes of walltime: a request is only noted; a scheduler run grants what no later job stands in the way of.
public sealed partial class OarServer
{
    /// <param name="change">Seconds, negative to shorten.</param>
    /// <returns>Whether there had been a request before.</returns>
    public bool RequestWalltime(OarJob job, int change) => Change(() =>
    {
        bool isUpdate = job.Progress.WalltimeRequested;
        job.Progress.WalltimeRequested = true;
        job.Progress.WalltimePending = change;
        RequestRun(1);
        return isUpdate;
    });

    void GrantPendingWalltimes(long now)
    {
        foreach (OarJob job in _open.Values.Where(j => j.State == "Running" && j.Progress.WalltimePending != 0 && !j.Progress.Fragged))
        {
            int granted = job.Progress.WalltimePending < 0
                ? Math.Max(job.Progress.WalltimePending, (int)(now - job.EndTime))
                : (int)Math.Min(job.Progress.WalltimePending, FreeAfter(job, now));
            if (granted == 0) continue;
            // A reduction below what has been used already ends the job; the rest of it is not owed.
            job.Progress.WalltimePending = granted < 0 ? 0 : job.Progress.WalltimePending - granted;
            job.Progress.WalltimeGranted += granted;
            job.Progress.Walltime = job.Walltime + granted;
            job.Progress.Due = NextDueOf(job);
            string total = OarFormat.SignedDuration(job.Progress.WalltimeGranted), pending = OarFormat.SignedDuration(job.Progress.WalltimePending);
            AddEvent(job, "WALLTIME", $" walltime changed: {OarFormat.Duration(job.Walltime)} (granted: {total}/pending: {pending})");
            _planIsStale = true;
        }
    }

    long FreeAfter(OarJob job, long now)
    {
        UnitSet everything = Table.Where(_ => true);
        var others = new Timeline(now, everything);
        foreach (OarJob other in _open.Values.Where(j => j != job && j.Units is not null && !j.Submission.IsBestEffort))
        {
            if (other.IsActive || other.IsAcceptedReservation) TakeStanding(others, other, now);
            else if (other.State == "Waiting" && other.Progress.ScheduledStart is long start)
                others.Take(start, start + other.Walltime, other.Units!);
        }
        long next = others.FreeUntil(job.Units!, job.EndTime);
        return next == long.MaxValue ? int.MaxValue : Math.Max(0, next - SecuritySeconds - job.EndTime);
    }
}
