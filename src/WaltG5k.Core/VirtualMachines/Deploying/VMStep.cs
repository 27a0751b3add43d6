using WaltG5k.Core.Deployments;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>A step of a deployment of virtual machines.</summary>
sealed record VMStep(string Name, string Description, Func<VMDeploymentContext, CancellationToken, Task<string>> Run)
    : Step<VMDeploymentContext>(Name, Description, Run)
{
    /// <summary>
    /// A step that takes the hosts one by one, each as soon as it has the stages before behind it, all hosts at once. A host that fails is given up,
    /// and the others go on.
    /// </summary>
    /// <param name="after">Stages that a host must have passed.</param>
    /// <param name="work">Repeatable.</param>
    public static VMStep OnHosts(string stage, string description, IReadOnlyList<string> after,
        Func<VMDeploymentContext, DeployedHost, CancellationToken, Task> work) =>
        new(stage, description, async (context, cancellationToken) =>
        {
            await Task.WhenAll(context.Hosts.Select(h => RunAsync(context, h, stage, after, work, cancellationToken))).ConfigureAwait(false);
            context.EnsureEnough();
            return $"{context.Hosts.Count} of {context.Facts.Hosts.Count} host(s)";
        })
        { Follows = after, Timeout = TimeSpan.FromHours(1) };

    static async Task RunAsync(VMDeploymentContext context, DeployedHost host, string stage, IReadOnlyList<string> after,
        Func<VMDeploymentContext, DeployedHost, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (context.Board.HasPassed(host.Name, stage)) return;
        foreach (string before in after)
            if (!await context.Board.WaitAsync(host.Name, before, cancellationToken).ConfigureAwait(false)) return;
        host = context.Current(host);
        try
        {
            await work(context, host, cancellationToken).ConfigureAwait(false);
            if (!context.Board.IsLost(host.Name)) context.Pass(host, stage);
        }
        catch (G5kException e)
        {
            // A host that is gone because its job is: then the deployment ends, and says so.
            if (e.Code is "HostUnreachable" or "HostRefuses") await JobWatcher.CheckAsync(context, cancellationToken).ConfigureAwait(false);
            context.Lose(host, VMFindings.HostLost(stage, host, e));
        }
    }
}
