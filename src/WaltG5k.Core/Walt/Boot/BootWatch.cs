namespace WaltG5k.Core.Walt;

/// <summary>
/// Waits for nodes to be booted, with one reader of the server's node list for all waiters. The server marks a node down when it answers a reboot
/// order with OK, so what a reading that began later shows as booted has booted since. Of a hard reboot that went past the server it learns only
/// when the node's connection dies (about 25 s): such a node must be seen down first, see <see cref="ExpectDown"/>.
/// </summary>
sealed class BootWatch(Func<CancellationToken, Task<IReadOnlyList<WaltNodeInfo>>> read, TimeProvider time)
{
    sealed record Waiter(string Node, TaskCompletionSource Booted);

    static readonly TimeSpan s_shortestPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(3);
    /// <summary>A server that cannot be read for this long is a failure of its own.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    readonly Lock _lock = new();
    readonly HashSet<Waiter> _waiters = [];
    readonly HashSet<string> _mustGoDown = [];
    TaskCompletionSource _woken = NewSignal();
    bool _isReading;

    /// <summary>These nodes were reset without the server's knowledge: they count as booted only after they were seen down.</summary>
    public void ExpectDown(IEnumerable<string> nodes)
    {
        lock (_lock) _mustGoDown.UnionWith(nodes);
    }

    /// <summary>The server itself marked these nodes down.</summary>
    public void MarkedDown(IEnumerable<string> nodes)
    {
        lock (_lock) _mustGoDown.ExceptWith(nodes);
    }

    /// <summary>True once the node is booted, false at the end of the time.</summary>
    /// <exception cref="G5kException">The server could not be read for two minutes.</exception>
    public async Task<bool> WaitAsync(string node, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Waiter waiter = new(node, NewSignal());
        lock (_lock)
        {
            _waiters.Add(waiter);
            _woken.TrySetResult();
            if (!_isReading)
            {
                _isReading = true;
                _ = Task.Run(ReadUntilIdleAsync, CancellationToken.None);
            }
        }
        try
        {
            await waiter.Booted.Task.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            lock (_lock) _waiters.Remove(waiter);
        }
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    async Task ReadUntilIdleAsync()
    {
        TimeSpan pause = s_shortestPause;
        long lastAnswer = time.GetTimestamp();
        while (TakeWaiters() is { } waiters)
        {
            bool progress = false;
            try
            {
                IReadOnlyList<WaltNodeInfo> nodes = await read(CancellationToken.None).ConfigureAwait(false);
                lastAnswer = time.GetTimestamp();
                progress = Apply(nodes, waiters);
            }
            catch (G5kException e)
            {
                // A lost answer is normal while networks are being moved; a dead server is not.
                if (time.GetElapsedTime(lastAnswer) > s_patience) FailAll(e);
            }
            catch (Exception e)
            {
                FailAll(e);
            }
            pause = progress ? s_shortestPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 5 / 4, s_longestPause.Ticks));
            await PauseAsync(pause).ConfigureAwait(false);
        }
    }

    /// <summary>Only those who wait now may trust the reading that begins now. Null ends the reading.</summary>
    Waiter[]? TakeWaiters()
    {
        lock (_lock)
        {
            _isReading = _waiters.Count > 0;
            _woken = NewSignal();
            return _isReading ? [.. _waiters] : null;
        }
    }

    bool Apply(IReadOnlyList<WaltNodeInfo> nodes, Waiter[] waiters)
    {
        lock (_lock)
        {
            HashSet<string> booted = [.. nodes.Where(n => n.IsBooted).Select(n => n.Name)];
            _mustGoDown.IntersectWith(booted);
            bool progress = false;
            foreach (Waiter waiter in waiters.Where(w => booted.Contains(w.Node) && !_mustGoDown.Contains(w.Node)))
                progress |= waiter.Booted.TrySetResult();
            return progress;
        }
    }

    void FailAll(Exception exception)
    {
        lock (_lock)
        {
            foreach (Waiter waiter in _waiters) waiter.Booted.TrySetException(exception);
            _waiters.Clear();
        }
    }

    /// <summary>A newcomer ends the pause: his node may be up already.</summary>
    async Task PauseAsync(TimeSpan pause)
    {
        Task woken;
        lock (_lock) woken = _woken.Task;
        using CancellationTokenSource end = new();
        await Task.WhenAny(woken, Task.Delay(pause, time, end.Token)).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
    }
}
