using System.Management.Automation;

namespace WaltG5k.Host.Engine;

/// <summary>
/// The host has no job control: before it ends it waits for the jobs that its pipelines started and passes on what they wrote.
/// </summary>
static class JobDrain
{
    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <returns>False if <paramref name="ct"/> stopped the jobs before they had ended.</returns>
    public static bool Run(JobRepository jobs, IHostStreams streams, CancellationToken ct)
    {
        foreach (Job job in jobs.GetItems())
        {
            WaitHandle[] events = [job.Finished, ct.WaitHandle];
            bool ended;
            do
            {
                ended = WaitHandle.WaitAny(events, s_look) == 0;
                PassOn(job, streams);
                if (!ct.IsCancellationRequested) continue;
                foreach (Job running in jobs.GetItems()) running.StopJob();
                return false;
            }
            while (!ended);
            jobs.Remove(job);
        }
        return true;
    }

    static void PassOn(Job job, IHostStreams streams)
    {
        // Verbose and debug messages are collected whether or not anybody asked for them: who did cannot be told any more.
        job.Verbose.Clear();
        job.Debug.Clear();
        foreach (WarningRecord record in job.Warning.ReadAll()) streams.Warning(record.Message);
        foreach (InformationRecord record in job.Information.ReadAll()) streams.Information(record);
        foreach (ProgressRecord record in job.Progress.ReadAll()) streams.Progress(record);
        foreach (PSObject item in job.Output.ReadAll()) streams.Output(item);
        foreach (ErrorRecord record in job.Error.ReadAll()) streams.Error(record);
    }
}
