using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;

namespace WaltG5k.Base;

/// <summary>
/// A cmdlet whose body is asynchronous. The body runs on the thread pool; what it posts runs on the pipeline thread, the only one that may write.
/// StopProcessing and every exception that posted work meets (such as that of <c>Select-Object -First 1</c>) cancel the one token.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    /// <summary>Posts that may wait: a slow consumer slows the body down.</summary>
    internal const int QueueLimit = 1024;
    /// <summary>How long a stopped cmdlet waits for its body before it leaves it to finish behind the prompt.</summary>
    internal static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(800);
    static readonly TimeSpan s_progressInterval = TimeSpan.FromMilliseconds(200);

    // None of these sources holds anything that needs Dispose; a source that is never disposed cannot race with a stop on another thread.
    readonly CancellationTokenSource _cancel = new();
    readonly CancellationTokenSource _abandon = new();
    readonly Lock _progressLock = new();
    readonly Dictionary<int, ProgressRecord> _unshown = [];
    readonly Dictionary<int, (ProgressRecord Record, long ShownAt)> _shown = [];
    volatile BlockingCollection<Action>? _queue;
    int _pipelineThread;

    /// <summary>Cancelled by Ctrl-C, by a downstream cmdlet that wants no more, and by an error action of Stop.</summary>
    protected CancellationToken CancelToken => _cancel.Token;

    /// <summary>Runs on the pipeline thread before anything else: the place to read what belongs to the runspace.</summary>
    protected virtual void Prepare() { }
    protected virtual Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    protected virtual Task ProcessAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    protected virtual Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The record of an exception that ended the body.</summary>
    protected virtual ErrorRecord ToErrorRecord(Exception exception) => new(exception, "Unexpected", ErrorCategory.NotSpecified, null);

    /// <summary>Called on the stopping thread after the token was cancelled. Must return at once.</summary>
    protected virtual void OnStopping() { }

    /// <summary>Called when a cancelled body did not end in time and goes on without the cmdlet.</summary>
    protected virtual void OnAbandoned(Task body) { }

    protected sealed override void BeginProcessing()
    {
        try { Prepare(); }
        catch (TerminatingErrorException e) { ThrowTerminatingError(e.ErrorRecord); }
        Run(BeginAsync);
    }

    /// <summary>Override it (without a pump) to collect input that <see cref="EndAsync"/> works on.</summary>
    protected override void ProcessRecord() => Run(ProcessAsync);
    protected sealed override void EndProcessing() => Run(EndAsync);

    protected sealed override void StopProcessing()
    {
        _abandon.CancelAfter(StopGrace);
        _cancel.Cancel();
        OnStopping();
    }

    /// <summary>
    /// Runs on the pipeline thread: at once when already there, else when the pump reaches it. Dropped once the body has ended or was cancelled.
    /// </summary>
    protected void Post(Action action)
    {
        if (Environment.CurrentManagedThreadId == Volatile.Read(ref _pipelineThread))
        {
            action();
            return;
        }
        try { _queue?.Add(action, CancelToken); }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException) { /* the pump is closed, or stopping */ }
    }

    /// <summary>Runs on the pipeline thread and waits for the answer: ShouldProcess, prompts.</summary>
    protected async Task<T> OnPipelineAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration stop = CancelToken.Register(() => answer.TrySetCanceled(CancelToken));
        Post(() =>
        {
            try { answer.TrySetResult(question()); }
            catch (Exception e)
            {
                answer.TrySetException(e);
                throw;
            }
        });
        return await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Of several unshown records of one activity only the newest is shown, and no more than five a second.</summary>
    protected void PostProgress(ProgressRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_progressLock)
        {
            bool isQueued = !_unshown.TryAdd(record.ActivityId, record);
            if (isQueued)
            {
                _unshown[record.ActivityId] = record;
                return;
            }
            if (record.RecordType != ProgressRecordType.Completed && _shown.TryGetValue(record.ActivityId, out var last)
                && Stopwatch.GetElapsedTime(last.ShownAt) < s_progressInterval)
            {
                _unshown.Remove(record.ActivityId);
                return;
            }
        }
        Post(() => ShowNewest(record.ActivityId));
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }

    void Run(Func<CancellationToken, Task> block)
    {
        if (block.Method.DeclaringType == typeof(AsyncCmdlet)) return;   // the hook is not overridden
        if (_cancel.IsCancellationRequested) throw new PipelineStoppedException();
        Volatile.Write(ref _pipelineThread, Environment.CurrentManagedThreadId);
        var queue = new BlockingCollection<Action>(QueueLimit);
        _queue = queue;
        Task body = Task.Run(() => block(CancelToken));
        // The pump ends when the body does. The queue holds no handle worth a Dispose, and late posts must still meet a whole object.
        _ = body.ContinueWith(_ => queue.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            foreach (Action action in queue.GetConsumingEnumerable(_abandon.Token)) action();
            CompleteProgress();
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            Abandon(body);
            throw new PipelineStoppedException();
        }
        catch   // -First 1, -ErrorAction Stop, Ctrl-C met by a write
        {
            _cancel.Cancel();
            WaitQuietly(body);
            throw;
        }
        finally
        {
            _queue = null;
            Volatile.Write(ref _pipelineThread, 0);
        }
        Conclude(body);
    }

    void Conclude(Task body)
    {
        try { body.GetAwaiter().GetResult(); }
        catch (OperationCanceledException) when (CancelToken.IsCancellationRequested) { throw new PipelineStoppedException(); }
        catch (TerminatingErrorException e) { ThrowTerminatingError(e.ErrorRecord); }
        catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException)) { ThrowTerminatingError(ToErrorRecord(e)); }
    }

    void WaitQuietly(Task body)
    {
        try
        {
            if (!body.Wait(StopGrace)) Abandon(body);
        }
        catch (AggregateException) { /* the exception of the pump came first */ }
    }

    void Abandon(Task body)
    {
        _ = body.ContinueWith(t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        OnAbandoned(body);
    }

    void ShowNewest(int activityId)
    {
        ProgressRecord? newest;
        lock (_progressLock)
        {
            if (!_unshown.Remove(activityId, out newest)) return;
            if (newest.RecordType == ProgressRecordType.Completed) _shown.Remove(activityId);
            else _shown[activityId] = (newest, Stopwatch.GetTimestamp());
        }
        WriteProgress(newest);
    }

    /// <summary>A bar must not outlive the work it stands for.</summary>
    void CompleteProgress()
    {
        List<ProgressRecord> left;
        lock (_progressLock)
        {
            left = [.. _shown.Values.Select(v => v.Record)];
            _shown.Clear();
            _unshown.Clear();
        }
        foreach (ProgressRecord record in left)
            WriteProgress(new ProgressRecord(record.ActivityId, record.Activity,
                record.StatusDescription) { RecordType = ProgressRecordType.Completed });
    }
}

/// <summary>Thrown from asynchronous code to end the cmdlet with a full error record.</summary>
public sealed class TerminatingErrorException(ErrorRecord record) : Exception(record?.Exception.Message, record?.Exception)
{
    public ErrorRecord ErrorRecord { get; } = record ?? throw new ArgumentNullException(nameof(record));
}
