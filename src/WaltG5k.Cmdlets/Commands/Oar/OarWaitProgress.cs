using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>One bar for a wait on several jobs: how many are done, and when the next one is expected.</summary>
internal sealed class OarWaitProgress(IReporter reporter, OarJobGoal goal, int count, TimeProvider time)
{
    const int ProgressId = 0x67356b02;
    readonly Lock _lock = new();
    readonly Dictionary<OarJobRef, OarJob> _waiting = [];
    readonly string _activity =
        $"Waiting for {(count == 1 ? "a job" : string.Create(CultureInfo.InvariantCulture, $"{count} jobs"))} to {(goal == OarJobGoal.Running ? "run" : "end")}";
    int _done;

    public void Show(OarJob job)
    {
        lock (_lock)
        {
            _waiting[new OarJobRef(job.Site, job.Id)] = job;
            Report();
        }
    }

    public void Done(OarJobRef job)
    {
        lock (_lock)
        {
            _waiting.Remove(job);
            _done++;
            Report();
        }
    }

    public void Complete() => reporter.Progress(new ProgressUpdate(ProgressId, _activity, "Done") { Completed = true });

    void Report()
    {
        OarJob? next = _waiting.Values.MinBy(j => Expected(j) ?? DateTimeOffset.MaxValue);
        DateTimeOffset? expected = next is null ? null : Expected(next);
        string status = count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{_done} of {count} done; ");
        if (next is not null) status += $"{next.Site}:{next.Id} {next.State}{Describe(next, expected)}";
        TimeSpan? left = expected - time.GetUtcNow();
        reporter.Progress(new ProgressUpdate(ProgressId, _activity, status)
        {
            Percent = count == 1 ? -1 : _done * 100 / count,
            Remaining = left > TimeSpan.Zero ? left : null,
        });
    }

    DateTimeOffset? Expected(OarJob job) =>
        job.PredictedStart ?? (goal == OarJobGoal.Ended && job.State == OarJobState.Running ? job.EndsAt : null);

    static string Describe(OarJob job, DateTimeOffset? expected)
    {
        if (expected is not { } date) return job.WaitReason is { } reason ? $", {reason}" : "";
        string what = job.State == OarJobState.Running ? "ends by" : "starts about";
        return $", {what} {date.ToLocalTime().ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}";
    }
}
