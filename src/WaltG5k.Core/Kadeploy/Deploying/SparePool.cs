namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>Spares of a site that nobody has used yet. One of the same cluster is the better replacement.</summary>
sealed class SparePool(IEnumerable<string> nodes)
{
    readonly Lock _lock = new();
    readonly List<string> _left = [.. nodes];

    /// <summary>A spare for a failed node, or null: there is none left.</summary>
    public string? Take(string failed)
    {
        lock (_lock)
        {
            if (_left.Count == 0) return null;
            string cluster = KadeployNodes.ClusterOf(failed);
            int index = Math.Max(0, _left.FindIndex(n => KadeployNodes.ClusterOf(n) == cluster));
            string taken = _left[index];
            _left.RemoveAt(index);
            return taken;
        }
    }
}
