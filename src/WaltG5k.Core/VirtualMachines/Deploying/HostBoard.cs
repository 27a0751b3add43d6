namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>
/// How far each host is. The steps of the graph overlap host by host: one that works on a host waits here until the steps before it are through with
/// that host, not with all.
/// </summary>
sealed class HostBoard
{
    readonly Lock _lock = new();
    readonly Dictionary<(string Host, string Stage), TaskCompletionSource<bool>> _stages = [];
    readonly HashSet<string> _lost = new(StringComparer.Ordinal);

    public void Pass(string host, string stage) => SourceOf(host, stage).TrySetResult(true);

    public bool HasPassed(string host, string stage) => SourceOf(host, stage).Task is { IsCompletedSuccessfully: true, Result: true };

    public bool IsLost(string host)
    {
        lock (_lock) return _lost.Contains(host);
    }

    /// <summary>False: it was lost before.</summary>
    public bool Lose(string host)
    {
        TaskCompletionSource<bool>[] waiting;
        lock (_lock)
        {
            if (!_lost.Add(host)) return false;
            waiting = [.. _stages.Where(s => s.Key.Host == host).Select(s => s.Value)];
        }
        foreach (TaskCompletionSource<bool> source in waiting) source.TrySetResult(false);
        return true;
    }

    /// <summary>True once the host has that stage behind it; false: it was given up.</summary>
    public async Task<bool> WaitAsync(string host, string stage, CancellationToken cancellationToken) =>
        await SourceOf(host, stage).Task.WaitAsync(cancellationToken).ConfigureAwait(false) && !IsLost(host);

    TaskCompletionSource<bool> SourceOf(string host, string stage)
    {
        lock (_lock)
        {
            if (_stages.TryGetValue((host, stage), out TaskCompletionSource<bool>? source)) return source;
            source = _stages[(host, stage)] = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_lost.Contains(host)) source.SetResult(false);
            return source;
        }
    }
}
