using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>What Kadeploy remembers of a node: its last operation.</summary>
internal sealed record NodeRecord(string State, string User, DeployEnvironment? Environment = null);

/// <summary>Kadeploy's servers: one per site on Grid'5000, one object here. Runs the operations, with or without a client that waits.</summary>
internal sealed class KadeployServer(TestbedWorld world) : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly HashSet<NodeModel> _busy = [];
    readonly HashSet<(string Site, string Environment)> _cache = [];
    // Operations that nobody has deleted yet, by their ids.
    readonly Dictionary<string, Workflow> _workflows = new(StringComparer.Ordinal);
    /// <summary>How long the server keeps an operation whose client did not wait.</summary>
    static readonly TimeSpan s_keep = TimeSpan.FromHours(6);
    int _count;

    /// <summary>Under the world's lock.</summary>
    public Dictionary<NodeModel, NodeRecord> Records { get; } = [];

    public TestbedWorld World => world;

    /// <summary>An id that no other operation of this testbed has, the same in each run.</summary>
    public string NextId(OperationWords words)
    {
        int number = Interlocked.Increment(ref _count);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{words.Letter}{number}{world.Time.GetUtcNow():O}")));
        return $"{words.Letter}-{new Guid(hash.AsSpan(0, 16))}";
    }

    /// <summary>Whether the site's server has to fetch the environment's files first; it keeps them.</summary>
    public bool Grab(string site, DeployEnvironment environment)
    {
        lock (world.Sync) return _cache.Add((site, environment.Name));
    }

    /// <summary>Leaves only the nodes that no other operation works on, or all by <c>--force</c>, and marks them as taken.</summary>
    public IReadOnlyList<NodeModel> Take(IReadOnlyList<NodeModel> nodes, bool force)
    {
        lock (world.Sync) return [.. nodes.Where(n => _busy.Add(n) || force)];
    }

    public void Release(IReadOnlyList<NodeModel> nodes)
    {
        lock (world.Sync) _busy.ExceptWith(nodes);
    }

    /// <summary>What became of each node of each operation that is over.</summary>
    public DeploymentStatistics Statistics { get; } = new();

    /// <summary>The operations of a site that the server knows, the oldest first.</summary>
    public IReadOnlyList<Workflow> GetWorkflows(string site)
    {
        lock (world.Sync)
        {
            DateTimeOffset oldest = world.Time.GetUtcNow() - s_keep;
            foreach (Workflow old in _workflows.Values.Where(w => w.IsDone && w.StartedAt + w.Duration < oldest).ToArray()) _workflows.Remove(old.Id);
            return [.. _workflows.Values.Where(w => w.Nodes[0].Site == site).OrderBy(w => w.StartedAt)];
        }
    }

    public Workflow? FindWorkflow(string id)
    {
        lock (world.Sync) return _workflows.GetValueOrDefault(id);
    }

    /// <summary>Ends an operation that runs, and forgets it in any case, as a client does when it has waited for the end.</summary>
    public void Delete(Workflow workflow)
    {
        if (!workflow.IsDone) workflow.Kill();
        lock (world.Sync) _workflows.Remove(workflow.Id);
    }

    public void Register(Workflow workflow)
    {
        lock (world.Sync) _workflows[workflow.Id] = workflow;
    }

    /// <summary>Runs an operation on nodes that were taken for it, and gives them back.</summary>
    /// <param name="interrupted">The client that waits for it was interrupted, and deletes it.</param>
    /// <exception cref="OperationCanceledException">It was deleted, or the testbed ends.</exception>
    public async Task RunAsync(Workflow workflow, CancellationToken interrupted)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(interrupted, _stop.Token);
        void Cancel() => either.Cancel();
        workflow.Killed += Cancel;
        try
        {
            if (workflow.IsKilled) Cancel();
            await workflow.RunAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            workflow.EndAborted();
            throw;
        }
        finally
        {
            workflow.Killed -= Cancel;
            if (workflow.IsDone) lock (world.Sync) Statistics.Add(workflow);
            Release(workflow.Nodes);
            world.NotifyChanged();
        }
    }

    /// <summary>Runs an operation whose client does not wait.</summary>
    public void Start(Workflow workflow) => _ = RunInBackgroundAsync(workflow);

    public void Record(NodeModel node, NodeRecord record)
    {
        lock (world.Sync) Records[node] = record;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    async Task RunInBackgroundAsync(Workflow workflow)
    {
        try
        {
            await RunAsync(workflow, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Somebody has deleted it, or the testbed is closing.
        }
    }
}
