namespace WaltG5k.Core.Execution;

/// <summary>A way to get a command to one target.</summary>
interface INodeTransport
{
    /// <summary>Does not throw for what happens to the command, being cancelled included.</summary>
    Task<NodeAttempt> RunAsync(NodeJob job, CancellationToken cancellationToken);
}
