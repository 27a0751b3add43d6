namespace WaltG5k.Core.Execution;

/// <summary>Sessions that no command uses, by their target. They are closed after a while, and all of them with the pool.</summary>
sealed class NodeSessionPool(TimeProvider time, int limit, TimeSpan lifetime) : IAsyncDisposable
{
    readonly Lock _lock = new();
    readonly Dictionary<Key, Stack<NodeSession>> _idle = [];
    readonly HashSet<Task> _closing = [];
    ITimer? _sweep;
    int _count;
    bool _isDisposed;

    public readonly record struct Key(string Site, string? User, string Host, int? Port, bool ChecksHostKeys)
    {
        public static Key Of(NodeJob job) => new(job.Target.Site, job.Target.User, job.Target.Host, job.Target.Port, job.Options.ChecksHostKeys);
    }

    public int Count
    {
        get
        {
            lock (_lock) return _count;
        }
    }

    /// <summary>An open session, or null.</summary>
    public NodeSession? Take(Key key)
    {
        lock (_lock)
        {
            while (_idle.TryGetValue(key, out Stack<NodeSession>? sessions) && sessions.TryPop(out NodeSession? session))
            {
                _count--;
                if (sessions.Count == 0) _idle.Remove(key);
                if (session.IsUsable) return session;
                Close(session);
            }
        }
        return null;
    }

    /// <summary>Takes a session back, for the next command or to close it.</summary>
    public void Give(Key key, NodeSession session)
    {
        lock (_lock)
        {
            if (_isDisposed || !session.IsUsable || _count >= limit)
            {
                Close(session);
                return;
            }
            if (!_idle.TryGetValue(key, out Stack<NodeSession>? sessions)) _idle[key] = sessions = new Stack<NodeSession>();
            sessions.Push(session);
            _count++;
            _sweep ??= time.CreateTimer(_ => Sweep(), null, lifetime / 4, lifetime / 4);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] closing;
        lock (_lock)
        {
            _isDisposed = true;
            _sweep?.Dispose();
            foreach (NodeSession session in _idle.Values.SelectMany(s => s)) Close(session);
            _idle.Clear();
            _count = 0;
            closing = [.. _closing];
        }
        await Task.WhenAll(closing).ConfigureAwait(false);
    }

    void Sweep()
    {
        DateTimeOffset oldest = time.GetUtcNow() - lifetime;
        lock (_lock)
        {
            foreach ((Key key, Stack<NodeSession> sessions) in _idle.ToArray())
            {
                NodeSession[] kept = [.. sessions.Where(s => s.IsUsable && s.LastUse > oldest)];
                foreach (NodeSession session in sessions.Except(kept)) Close(session);
                _count -= sessions.Count - kept.Length;
                if (kept.Length == 0) _idle.Remove(key);
                else _idle[key] = new Stack<NodeSession>(kept);
            }
            if (_idle.Count > 0) return;
            _sweep?.Dispose();
            _sweep = null;
        }
    }

    void Close(NodeSession session)
    {
        Task closing = session.DisposeAsync().AsTask();
        _closing.Add(closing);
        _ = closing.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    void Forget(Task closing)
    {
        lock (_lock) _closing.Remove(closing);
    }
}
