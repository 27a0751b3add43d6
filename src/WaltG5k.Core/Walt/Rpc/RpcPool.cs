namespace WaltG5k.Core.Walt.Rpc;

/// <summary>Connections to one server. One is used again when it has been idle for 5 s at most, as WalT's own client does.</summary>
sealed class RpcPool(Func<RpcApi, CancellationToken, Task<RpcSession>> open, TimeProvider time) : IAsyncDisposable
{
    /// <summary>More would only wait at the server, whose hub process serves all its clients one after the other.</summary>
    const int MaximumConnections = 8;

    static readonly TimeSpan s_maximumIdle = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _slots = new(MaximumConnections);

    readonly Lock _lock = new();
    readonly List<(RpcSession Session, long Since)> _idle = [];
    bool _disposed;

    /// <summary>Makes a call on an idle connection or a new one. A call that may be repeated survives one lost connection.</summary>
    public async Task<RpcResult> CallAsync(RpcApi api, RpcCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await CallOnceAsync(api, call, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e) when (e.Code == "RpcConnectionLost" && call.IsIdempotent)
        {
            return await CallOnceAsync(api, call, cancellationToken).ConfigureAwait(false);
        }
    }

    async Task<RpcResult> CallOnceAsync(RpcApi api, RpcCall call, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RpcSession session = await TakeIdleAsync(api).ConfigureAwait(false) ?? await open(api, cancellationToken).ConfigureAwait(false);
            RpcResult result = await session.CallAsync(call, cancellationToken).ConfigureAwait(false);  // closes itself when it fails
            await GiveBackAsync(session).ConfigureAwait(false);
            return result;
        }
        finally
        {
            _slots.Release();
        }
    }

    async Task<RpcSession?> TakeIdleAsync(RpcApi api)
    {
        List<RpcSession> useless = [];
        RpcSession? found = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            for (int i = _idle.Count - 1; i >= 0; i--)
            {
                (RpcSession session, long since) = _idle[i];
                bool usable = time.GetElapsedTime(since) <= s_maximumIdle && session.IsUsable;
                if (usable && (found is not null || session.Api != api)) continue;
                _idle.RemoveAt(i);
                if (usable) found = session;
                else useless.Add(session);
            }
        }
        foreach (RpcSession session in useless) await session.DisposeAsync().ConfigureAwait(false);
        return found;
    }

    async Task GiveBackAsync(RpcSession session)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _idle.Add((session, time.GetTimestamp()));
                return;
            }
        }
        await session.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        List<RpcSession> sessions;
        lock (_lock)
        {
            _disposed = true;
            sessions = [.. _idle.Select(i => i.Session)];
            _idle.Clear();
        }
        foreach (RpcSession session in sessions) await session.DisposeAsync().ConfigureAwait(false);
    }
}
