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
    int _count;

    /// <summary>Under the world's lock.</summary>
    public Dictionary<NodeModel, NodeRecord> Records { get; } = [];

    public TestbedWorld World => world;

    /// <summary>An id that no other operation of this testbed has, the same in each run.</summary>
    public string NextId(OperationWords words)
    {
        int number = Interlocked.Increment(ref _count);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{words.Letter}{number}{world.Time.GetUtcNow():O}")));
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

    /// <summary>Runs an operation on nodes that were taken for it, and gives them back.</summary>
    public async Task RunAsync(Workflow workflow, CancellationToken interrupted)
    {
        try
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(interrupted, _stop.Token);
            await workflow.RunAsync(either.Token).ConfigureAwait(false);
        }
        finally
        {
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
            // The testbed is closing.
        }
    }
}
