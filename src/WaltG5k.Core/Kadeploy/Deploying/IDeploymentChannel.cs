namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>One way to have a deployment run at a site: the commands of its front-end, or the REST API.</summary>
public interface IDeploymentChannel
{
    string Site { get; }

    /// <summary>
    /// Runs one deployment to its end and tells of it as it goes; the last events report on each node. Cancelling stops it at the server too.
    /// </summary>
    /// <exception cref="KadeployRefusedException">The request as a whole: nothing was begun.</exception>
    /// <exception cref="DeploymentLostException">It was begun, and goes on without being seen: see <see cref="FollowAsync"/>.</exception>
    /// <exception cref="G5kException"><c>CommandTimeout</c>: it took longer than the request allows, and was told to stop.</exception>
    Task DeployAsync(KadeployRequest request, Action<KadeployEvent> onEvent, CancellationToken cancellationToken);

    /// <summary>Orders a deployment and does not wait for it.</summary>
    /// <returns>The id of the workflow.</returns>
    /// <exception cref="KadeployRefusedException">The request as a whole: nothing was begun.</exception>
    Task<string> OrderAsync(KadeployRequest request, CancellationToken cancellationToken);

    /// <summary>Waits for the end of a deployment that is no longer seen, and finds out what became of its nodes.</summary>
    /// <param name="workflowId">Null when the deployment was lost before it told its id.</param>
    /// <param name="limit">When it is given up; the nodes that are not done then count as lost.</param>
    Task<IReadOnlyList<KadeployResult>> FollowAsync(string? workflowId, IReadOnlyList<string> nodes, TimeSpan limit,
        CancellationToken cancellationToken);

    /// <summary>
    /// The state that Kadeploy gives to each node (<c>deploying</c>, <c>deployed</c>, <c>aborted</c> …); nodes that it never touched are left out.
    /// </summary>
    Task<IReadOnlyDictionary<string, string>> GetStatesAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken);
}

/// <summary>The connection to a deployment broke while it ran: Kadeploy goes on with it all the same.</summary>
public sealed class DeploymentLostException(string site, string why, Exception? cause = null)
    : G5kException("DeploymentLost", ErrorKind.ConnectionError,
    $"The connection to Kadeploy at {site} was lost: {why}", site, $"Get-KadeployWorkflow -Site {site}", cause);
