using System.Runtime.CompilerServices;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>
/// Runs commands on many nodes at a time. It keeps its connections for later commands, for a while; disposing it closes them, and nothing is left
/// behind. Safe for use by several callers at once.
/// </summary>
/// <param name="frontends">The front-end of a site: the way to its nodes leads through <see cref="IFrontend.Gate"/>.</param>
public sealed class NodeExecutor(Func<string, IFrontend> frontends, TimeProvider? time = null) : IAsyncDisposable
{
    /// <summary>Of this machine's memory, at most this share goes into connections that wait.</summary>
    const double MemoryShare = 0.05;
    /// <summary>What an ssh client has for itself.</summary>
    const double ConnectionBytes = 1.4e6;
    /// <summary>Connections kept: each one is a process here and two on the node.</summary>
    static readonly int s_warmLimit = (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare / ConnectionBytes, 64, 1000);
    static readonly TimeSpan s_warmFor = TimeSpan.FromMinutes(5);

    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly TakTukChoice _takTuk = new(frontends, time ?? TimeProvider.System);
    readonly NodeSessionPool _pool = new(time ?? TimeProvider.System, s_warmLimit, s_warmFor);

    public NodeExecutor(IGrid grid) : this(grid.GetFrontend, grid.Time) { }

    /// <summary>Connections that wait for the next command.</summary>
    public int WarmConnections => _pool.Count;

    /// <summary>
    /// Runs the command, and yields one result per target as they come: failures of targets are results. When it is cancelled what runs is ended
    /// there too, the remaining results are yielded as <see cref="NodeCommandState.Cancelled"/> and <see cref="NodeCommandState.Skipped"/>, and then
    /// the cancellation is thrown. Leaving the enumeration early ends what runs as well.
    /// </summary>
    /// <param name="onProgress">Counts and who still runs, a few times per second; called from any thread.</param>
    /// <exception cref="G5kException"><c>CommandInvalid</c>; <c>TakTukMissing</c>, <c>TakTukUnsuitable</c>: TakTuk was asked for and cannot do
    /// it.</exception>
    public async IAsyncEnumerable<NodeCommandResult> RunAsync(IEnumerable<NodeTarget> targets, NodeCommand command,
        NodeExecutionOptions? options = null,
        Action<NodeProgress>? onProgress = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new NodeExecutionOptions();
        command.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ThrottleLimit, 1, nameof(options));
        NodeTarget[] all = [.. targets];
        var transport = new SessionTransport(frontends, _pool, _time);
        IGroupTransport? group = await _takTuk.MakeAsync(all, command, options, cancellationToken).ConfigureAwait(false);
        var execution = new NodeExecution(transport, all, command, options, _time, onProgress, cancellationToken, group);
        await using ConfiguredAsyncDisposable ending = execution.ConfigureAwait(false);
        await foreach (NodeCommandResult result in execution.Results.ConfigureAwait(false)) yield return result;
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>All results, in the order of the targets.</summary>
    public async Task<IReadOnlyList<NodeCommandResult>> RunAllAsync(IReadOnlyList<NodeTarget> targets, NodeCommand command,
        NodeExecutionOptions? options = null,
        Action<NodeProgress>? onProgress = null, CancellationToken cancellationToken = default)
    {
        var results = new Dictionary<NodeTarget, NodeCommandResult>();
        await foreach (NodeCommandResult result in RunAsync(targets.Distinct(), command, options, onProgress, cancellationToken)
            .ConfigureAwait(false))
            results[result.Target] = result;
        return [.. targets.Select(t => results[t])];
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
