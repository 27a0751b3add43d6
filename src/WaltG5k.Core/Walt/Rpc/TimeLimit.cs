namespace WaltG5k.Core.Walt.Rpc;

/// <summary>A time budget that ends a token, and that stands still while our own work is done.</summary>
sealed class TimeLimit : IDisposable
{
    readonly TimeProvider _time;
    readonly CancellationTokenSource _expiry;
    readonly CancellationTokenSource _linked;
    readonly CancellationToken _caller;
    TimeSpan _left;
    long _since;

    public TimeLimit(TimeSpan budget, TimeProvider time, CancellationToken caller)
    {
        _time = time;
        _caller = caller;
        _left = budget;
        _since = time.GetTimestamp();
        _expiry = new CancellationTokenSource(budget, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_expiry.Token, caller);
    }

    /// <summary>Ends with the budget, or when the caller cancels.</summary>
    public CancellationToken Token => _linked.Token;

    public bool IsOver => _expiry.IsCancellationRequested;

    /// <summary>Does something off the clock; only the caller can cancel it.</summary>
    public async Task<T> PauseAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        _left -= _time.GetElapsedTime(_since);
        _expiry.CancelAfter(Timeout.InfiniteTimeSpan);
        try
        {
            return await work(_caller).ConfigureAwait(false);
        }
        finally
        {
            _since = _time.GetTimestamp();
            _expiry.CancelAfter(_left > TimeSpan.Zero ? _left : TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        _linked.Dispose();
        _expiry.Dispose();
    }
}
