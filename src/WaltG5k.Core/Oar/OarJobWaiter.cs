namespace WaltG5k.Core.Oar;

/// <summary>
/// Waits for the start or the end of one job by polling: often at first and around the predicted date, else as rarely as a production server wants.
/// </summary>
sealed class OarJobWaiter(OarClient oar, TimeProvider time, long jobId, OarJobGoal goal, Action<OarJob>? onChange)
{
    /// <summary>Polls that may fail, or not find the job, one after the other: a wait of hours outlives a restart of OAR's database.</summary>
    const int MaximumFailures = 5;

    readonly OarPollPace _pace = new(time);
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
                if (IsReached(job)) return job;
            }
            TimeSpan left = timeout - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) throw TimedOut(timeout);
            TimeSpan pause = _pace.Next(_last, oar.ReadsByRest);
            await Task.Delay(pause < left ? pause : left, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <exception cref="G5kException"><c>JobEnded</c>.</exception>
    bool IsReached(OarJob job)
    {
        if (goal == OarJobGoal.Ended) return job.IsEnded;
        if (job.IsEnded || OarJobEnds.IsBeingDeleted(job)) throw Ended(job);
        return job.State == OarJobState.Running;
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
        catch (G5kException e) when (e.Code != "OarNotFound" && ++_failures < MaximumFailures)
        {
            return null;
        }
        if (++_failures < MaximumFailures) return null;
        throw OarFailures.JobNotFound(oar.Site, jobId);
    }

    void Report(OarJob job)
    {
        bool changed = _last is null || _last.State != job.State || _last.ScheduledAt != job.ScheduledAt || _last.StartedAt != job.StartedAt
            || _last.Walltime != job.Walltime || _last.Message != job.Message || _last.Nodes.Count != job.Nodes.Count;
        _last = job;
        if (changed) onChange?.Invoke(job);
    }

    static G5kException Ended(OarJob job) => new("JobEnded", ErrorKind.OperationStopped,
        $"Job {job.Id} of {job.Site} {OarJobEnds.Describe(job)} before it could be used.", job,
        $"See its events on the front-end of {job.Site}: oarstat -f -j {job.Id}")
    {
        Data = { ["End"] = OarJobEnds.Get(job) },
    };

    G5kException TimedOut(TimeSpan timeout)
    {
        string state = _last is null ? "OAR does not answer" : $"it is {_last.State}{(_last.Message.Length > 0 ? $", {_last.Message}" : "")}";
        string what = goal == OarJobGoal.Ended ? "ended" : "started";
        return new G5kException("JobWaitTimeout", ErrorKind.OperationTimeout,
            $"Job {jobId} of {oar.Site} has not {what} within {timeout:c}: {state}.", jobId,
            $"Wait longer with -Timeout, or look at the prediction on the front-end of {oar.Site}: oarstat -f -j {jobId}");
    }
}
