namespace WaltG5k.Core.Deployments;

/// <summary>A deployment of any kind that this process drives.</summary>
public abstract class DrivenDeployment
{
    readonly Func<Task> _cancel;

    private protected DrivenDeployment(string id, Task ended, Func<Task> cancel)
    {
        Id = id;
        Ended = ended;
        _cancel = cancel;
    }

    public string Id { get; }

    /// <summary>Ends when the deployment is ready, has failed or was cancelled; faults only when its journal cannot be written any more.</summary>
    public Task Ended { get; }

    /// <summary>Stops the steps and releases the jobs. The returned task ends when nothing is left.</summary>
    public Task CancelAsync() => _cancel();
}

/// <summary>A WalT deployment that this process drives.</summary>
public sealed class DeploymentRun : DrivenDeployment
{
    internal DeploymentRun(string id, Task<DeploymentInfo> completion, Func<Task> cancel) : base(id, completion, cancel) => Completion = completion;

    /// <summary>As <see cref="DrivenDeployment.Ended"/>, with what became of it.</summary>
    public Task<DeploymentInfo> Completion { get; }
}
