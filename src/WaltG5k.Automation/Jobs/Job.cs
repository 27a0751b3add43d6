using System.Management.Automation.Host;

namespace System.Management.Automation;

public enum JobState { NotStarted, Running, Completed, Failed, Stopped, Blocked, Suspended, Disconnected, Suspending, Stopping, AtBreakpoint }

public sealed class JobStateInfo(JobState state, Exception? reason)
{
    public JobStateInfo(JobState state) : this(state, null) { }
    public JobState State { get; } = state;
    public Exception? Reason { get; } = reason;
    public override string ToString() => State.ToString();
}

public sealed class JobStateEventArgs(JobStateInfo jobStateInfo, JobStateInfo? previousJobStateInfo) : EventArgs
{
    public JobStateEventArgs(JobStateInfo jobStateInfo) : this(jobStateInfo, null) { }
    public JobStateInfo JobStateInfo { get; } = jobStateInfo;
    public JobStateInfo? PreviousJobStateInfo { get; } = previousJobStateInfo;
}

/// <summary>
/// Work that goes on behind the pipeline. The host has no job control: it waits for its jobs before it exits and writes what they produced,
/// but there is no Get-Job and no Receive-Job.
/// </summary>
public abstract class Job : IDisposable
{
    readonly Lock _lock = new();
    readonly ManualResetEvent _finished = new(false);

    protected Job() : this("") { }
    protected Job(string? command) : this(command, "") { }
    protected Job(string? command, string? name) : this(command, name, Guid.NewGuid()) { }

    protected Job(string? command, string? name, Guid instanceId)
    {
        Command = command ?? "";
        Name = name ?? "";
        InstanceId = instanceId;
    }

    public event EventHandler<JobStateEventArgs>? StateChanged;

    public string Command { get; }
    public string Name { get; set; }
    public Guid InstanceId { get; }

    /// <summary>The number by which a user names the job; 0 until the session knows of it.</summary>
    public int Id { get; internal set; }

    public string PSJobTypeName { get; protected set; } = "Job";
    public IList<Job> ChildJobs { get; } = [];
    public JobStateInfo JobStateInfo { get; private set; } = new(JobState.NotStarted);
    public WaitHandle Finished => _finished;
    public DateTime? PSBeginTime { get; protected set; }
    public DateTime? PSEndTime { get; protected set; }
    public abstract string Location { get; }
    public abstract string StatusMessage { get; }
    public abstract bool HasMoreData { get; }
    public PSDataCollection<PSObject> Output { get; set; } = [];
    public PSDataCollection<ErrorRecord> Error { get; set; } = [];
    public PSDataCollection<WarningRecord> Warning { get; set; } = [];
    public PSDataCollection<VerboseRecord> Verbose { get; set; } = [];
    public PSDataCollection<DebugRecord> Debug { get; set; } = [];
    public PSDataCollection<ProgressRecord> Progress { get; set; } = [];
    public PSDataCollection<InformationRecord> Information { get; set; } = [];

    public abstract void StopJob();

    protected void SetJobState(JobState jobState)
    {
        JobStateInfo previous, current = new(jobState);
        lock (_lock)
        {
            previous = JobStateInfo;
            if (IsEnd(previous.State)) return;
            JobStateInfo = current;
            DateTime now = TimeProvider.System.GetLocalNow().DateTime;
            if (jobState == JobState.Running) PSBeginTime ??= now;
            if (IsEnd(jobState)) PSEndTime = now;
        }
        StateChanged?.Invoke(this, new JobStateEventArgs(current, previous));
        if (IsEnd(jobState)) _finished.Set();
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _finished.Dispose();
    }

    static bool IsEnd(JobState state) => state is JobState.Completed or JobState.Failed or JobState.Stopped;
}
