using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Host;

namespace WaltG5k.Tests.Cmdlets;

/// <summary>What a test and its cmdlets share. The cmdlets find it in the session's variable <c>Probe</c>.</summary>
public sealed class Probe
{
    public const string Variable = "Probe";

    /// <summary>The body of Test-AsyncBody.</summary>
    public Func<TestAsyncBodyCommand, CancellationToken, Task> Body { get; init; } = (_, _) => Task.CompletedTask;
    /// <summary>What Test-Consumer does with each object.</summary>
    public Action<object?> Consume { get; init; } = _ => { };
    public TaskCompletionSource<object?> FirstSeen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public int Cancellations => Volatile.Read(ref _cancellations);
    public int Stops => Volatile.Read(ref _stops);
    public int Abandoned => Volatile.Read(ref _abandoned);
    public int PipelineThread { get; private set; }

    int _cancellations, _stops, _abandoned;

    internal void CountCancellation() => Interlocked.Increment(ref _cancellations);
    internal void CountStop() => Interlocked.Increment(ref _stops);
    internal void CountAbandoned() => Interlocked.Increment(ref _abandoned);

    public HostResult Run(string pipeline, CancellationToken stop = default)
    {
        using var session = new HostSession(new HostOptions
        {
            CommandAssemblies = [typeof(Probe).Assembly],
            Variables = new Dictionary<string, object?> { [Variable] = this },
        });
        PipelineThread = Environment.CurrentManagedThreadId;
        return session.Invoke(pipeline, stop);
    }
}

/// <summary>Runs the probe's body, and opens what a body may do.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AsyncBody", SupportsShouldProcess = true)]
[OutputType(typeof(int))]
public sealed class TestAsyncBodyCommand : AsyncCmdlet
{
    Probe? _probe;

    public Probe Probe => _probe!;

    public void Write(object value) => Post(() => WriteObject(value));
    public void WriteFailure(string id, object target) =>
        Post(() => WriteError(new ErrorRecord(new InvalidOperationException("It failed."), id, ErrorCategory.ResourceBusy, target)));
    public void Do(Action action) => Post(action);
    public Task<T> Ask<T>(Func<T> question) => OnPipelineAsync(question);
    public Task<bool> Confirm(string target) => OnPipelineAsync(() => ShouldProcess(target, "Change"));
    public void Show(string status) => PostProgress(new ProgressRecord(1, "Working", status));

    protected override void Prepare() => _probe = (Probe)GetVariableValue(Probe.Variable)!;
    protected override void OnStopping() => Probe.CountStop();
    protected override void OnAbandoned(Task body) => Probe.CountAbandoned();

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        try { await Probe.Body(this, cancellationToken); }
        finally { if (cancellationToken.IsCancellationRequested) Probe.CountCancellation(); }
    }
}

/// <summary>Collects as it comes; passes everything on.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Consumer")]
[OutputType(typeof(int))]
public sealed class TestConsumerCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        var probe = (Probe)GetVariableValue(Probe.Variable)!;
        object? value = InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject;
        probe.FirstSeen.TrySetResult(value);
        probe.Consume(value);
        WriteObject(value);
    }
}
