using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>Over shells that stay open; where the runner cannot hold a program open, by one ssh for each command.</summary>
sealed class SessionTransport(Func<string, IFrontend> frontends, NodeSessionPool pool, TimeProvider time) : INodeTransport
{
    public async Task<NodeAttempt> RunAsync(NodeJob job, CancellationToken cancellationToken)
    {
        await Task.Yield(); // starting a process takes its time: the starts must not follow one another on the caller's thread
        var key = NodeSessionPool.Key.Of(job);
        if (pool.Take(key) is { } warm)
        {
            NodeAttempt attempt = await RunAsync(warm, key, job, cancellationToken).ConfigureAwait(false);
            // A connection may have died unseen since its last use. The command has not begun: a fresh one is no second attempt.
            if (attempt.Failure is null || attempt.HasBegun) return attempt;
        }
        try
        {
            NodeGate gate = frontends(job.Target.Site).Gate;
            return await NodeSession.StartAsync(gate, job, time, cancellationToken).ConfigureAwait(false) is { } session
                ? await RunAsync(session, key, job, cancellationToken).ConfigureAwait(false)
                : await SingleCommand.RunAsync(gate, job, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new NodeAttempt(NodeCommandState.Cancelled);
        }
        catch (G5kException e)
        {
            return NodeAttempt.Without(new NodeFailure(NodeCommandState.Unreachable, e.Message, e.Recommendation ?? "Test-G5kConnection",
                RetryAdvice.Possible));
        }
    }

    async Task<NodeAttempt> RunAsync(NodeSession session, NodeSessionPool.Key key, NodeJob job, CancellationToken cancellationToken)
    {
        try { return await session.RunAsync(job, cancellationToken).ConfigureAwait(false); }
        finally { pool.Give(key, session); }
    }
}
