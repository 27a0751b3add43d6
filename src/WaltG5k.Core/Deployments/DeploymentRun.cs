namespace WaltG5k.Core.Deployments;

/// <summary>A deployment that this process drives.</summary>
public sealed class DeploymentRun
{
    readonly Func<Task> _cancel;

    internal DeploymentRun(string id, Task<DeploymentInfo> completion, Func<Task> cancel)
    {
        Id = id;
        Completion = completion;
        _cancel = cancel;
    }

    public string Id { get; }

    /// <summary>Ends when the deployment is ready, has failed or was cancelled; faults only when its journal cannot be written any more.</summary>
    public Task<DeploymentInfo> Completion { get; }

    /// <summary>Stops the steps and releases the jobs. The returned task ends when nothing is left.</summary>
    public Task CancelAsync() => _cancel();
}
