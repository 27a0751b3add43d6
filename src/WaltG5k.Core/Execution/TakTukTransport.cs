using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>
/// One command to many targets by TakTuk on their front-ends. Commands begin when every connection is made or has failed: a target that does not
/// answer costs all of them its time once. It serves one execution, whose jobs differ in their targets only.
/// </summary>
sealed class TakTukTransport(IEnumerable<IGrouping<string, NodeTarget>> sites, Func<string, IFrontend> frontends, TimeProvider time) : IGroupTransport
{
    readonly record struct Key(string Site, string? User, int? Port)
    {
        public static Key Of(NodeTarget target) => new(target.Site, target.User, target.Port);
    }

    readonly Lock _lock = new();
    readonly Dictionary<Key, NodeTarget[]> _groups = sites.SelectMany(s => s).Distinct().GroupBy(Key.Of).ToDictionary(g => g.Key, g => g.ToArray());
    readonly Dictionary<Key, TakTukRun> _runs = [];

    public bool Carries(NodeTarget target) => _groups.ContainsKey(Key.Of(target));

    public Task<NodeAttempt> RunAsync(NodeJob job, CancellationToken cancellationToken)
    {
        var key = Key.Of(job.Target);
        TakTukRun? run;
        lock (_lock)
        {
            if (!_runs.TryGetValue(key, out run)) _runs[key] = run = new TakTukRun(frontends(key.Site), _groups[key], job, time, cancellationToken);
        }
        return run.WaitAsync(job, cancellationToken);
    }
}
