namespace WaltG5k.Base;

/// <summary>A cmdlet that makes something which must not outlive a pipeline that was stopped.</summary>
public abstract class OwningCmdlet : G5kCmdlet
{
    Ownership? _ownership;

    protected override void Prepare()
    {
        base.Prepare();
        _ownership = new Ownership(Session);
    }

    /// <param name="release">Undoes it. Runs off the pipeline thread, without the cmdlet's token.</param>
    internal void Own(Func<Task> release) => _ownership?.Own(release);

    protected override void OnStopping() => _ownership?.Stop();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _ownership is { } ownership)
        {
            // A stop begins with the innermost pipeline: this one may have unwound before its StopProcessing was called.
            if (Stopping) ownership.Stop();
            ownership.Settle();
        }
        base.Dispose(disposing);
    }
}
