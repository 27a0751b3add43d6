using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>Waits for the start of one job by polling: often at first, then as rarely as a production server wants.</summary>
sealed class OarJobWaiter(OarClient oar, TimeProvider time, long jobId, Action<OarJob>? onChange)
{
    /// <summary>Polls that may fail, or not find the job, one after the other: a wait of hours outlives a restart of OAR's database.</summary>
    const int MaximumFailures = 5;
    static readonly TimeSpan s_shortPause = TimeSpan.FromSeconds(2);
    static readonly TimeSpan s_longPause = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_shortPeriod = TimeSpan.FromSeconds(40);

    OarJob? _last;
    int _failures;

    public async Task<OarJob> RunAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            if (await PollAsync(cancellationToken).ConfigureAwait(false) is { } job)
            {
                Report(job);
                if (job.IsEnded || OarJobEnds.IsBeingDeleted(job)) throw Ended(job);
                if (job.State == OarJobState.Running) return job;
            }
            TimeSpan elapsed = time.GetElapsedTime(start);
            if (elapsed >= timeout) throw TimedOut(timeout);
            TimeSpan pause = elapsed < s_shortPeriod ? s_shortPause : s_longPause;
            await Task.Delay(pause < timeout - elapsed ? pause : timeout - elapsed, time, cancellationToken).ConfigureAwait(false);
        }
    }

    async Task<OarJob?> PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await oar.GetJobAsync(jobId, cancellationToken).ConfigureAwait(false) is { } job)
            {
                _failures = 0;
                return job;
            }
        }
        catch (G5kException) when (++_failures < MaximumFailures)
        {
            return null;
        }
        if (++_failures < MaximumFailures) return null;
        throw new G5kException("JobNotFound", ErrorKind.ObjectNotFound, $"OAR at {oar.Site} does not know job {jobId}.", jobId,
            $"List your jobs on the front-end of {oar.Site}: oarstat -u");
    }

    void Report(OarJob job)
    {
        bool changed = _last is null || _last.State != job.State || _last.ScheduledAt != job.ScheduledAt || _last.StartedAt != job.StartedAt
            || _last.Walltime != job.Walltime || _last.Message != job.Message || _last.Nodes.Count != job.Nodes.Count;
        _last = job;
        if (changed) onChange?.Invoke(job);
    }

    static G5kException Ended(OarJob job) => new("JobEnded", ErrorKind.OperationStopped,
        $"Job {job.Id} of {job.Site} {OarJobEnds.Describe(job)} before it could be used.", job, $"See its events on the front-end of {job.Site}: oarstat -f -j {job.Id}")
    {
        Data = { ["End"] = OarJobEnds.Get(job) },
    };

    G5kException TimedOut(TimeSpan timeout)
    {
        string state = _last is null ? "OAR does not answer" : $"it is {_last.State}{(_last.Message.Length > 0 ? $", {_last.Message}" : "")}";
        return new G5kException("JobWaitTimeout", ErrorKind.OperationTimeout, $"Job {jobId} of {oar.Site} has not started within {timeout:c}: {state}.", jobId,
            $"Wait longer with -Timeout, or look at the prediction on the front-end of {oar.Site}: oarstat -f -j {jobId}");
    }
}
