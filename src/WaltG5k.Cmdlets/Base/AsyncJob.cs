using System.Management.Automation;
using WaltG5k.Core;

namespace WaltG5k.Base;

/// <summary>Work as a PowerShell job: no runspace, no process of its own. Add it to the repository, then start it.</summary>
internal sealed class AsyncJob : Job, IOutput
{
    static readonly TimeSpan s_stopGrace = TimeSpan.FromSeconds(5);
    readonly CancellationTokenSource _cancel = new();   // holds nothing that needs Dispose
    Task _body = Task.CompletedTask;
    volatile string _status = "";
    volatile bool _isOver;

    public AsyncJob(string command, string name, string location) : base(command, name)
    {
        PSJobTypeName = "WaltG5kJob";
        Location = location;
    }

    public override string Location { get; }
    public override string StatusMessage => _status;
    public override bool HasMoreData =>
        Output.Count + Error.Count + Warning.Count + Verbose.Count + Progress.Count > 0 || JobStateInfo.State == JobState.Running;

    public void Start(Func<IOutput, CancellationToken, Task> body)
    {
        SetJobState(JobState.Running);
        _body = Task.Run(() => RunAsync(body));
    }

    public void Write(object value) => Add(() => Output.Add(PSObject.AsPSObject(value)));
    public void WriteError(ErrorRecord error) => Add(() => Error.Add(error));
    void IReporter.Verbose(string message) => Add(() => Verbose.Add(new VerboseRecord(message)));
    void IReporter.Warning(string message) => Add(() => Warning.Add(new WarningRecord(message)));

    void IReporter.Progress(ProgressUpdate update)
    {
        _status = update.Status;
        ProgressRecord record = G5kCmdlet.ToRecord(update);
        Add(() => Progress.Add(record));
    }

    public override void StopJob()
    {
        if (JobStateInfo.State is not JobState.Running) return;
        SetJobState(JobState.Stopping);
        _cancel.Cancel();
        _body.Wait(s_stopGrace);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cancel.Cancel();
            // Receive-Job -AutoRemoveJob removes the job while the body still tells of its end: that end must not be waited for.
            if (!_isOver) _body.Wait(s_stopGrace);
        }
        base.Dispose(disposing);
    }

    async Task RunAsync(Func<IOutput, CancellationToken, Task> body)
    {
        JobState end = JobState.Completed;
        try { await body(this, _cancel.Token).ConfigureAwait(false); }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested) { end = JobState.Stopped; }
        catch (Exception e)
        {
            end = JobState.Failed;
            WriteError(Errors.From(e));
        }
        _isOver = true;
        try { SetJobState(end); }
        catch (ObjectDisposedException) { /* Remove-Job -Force came first */ }
    }

    /// <summary>The streams of a removed job are closed: what comes late is dropped.</summary>
    static void Add(Action add)
    {
        try { add(); }
        catch (Exception e) when (e is ObjectDisposedException or PSInvalidOperationException) { /* the job is gone */ }
    }
}
