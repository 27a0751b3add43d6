namespace WaltG5k.Core.Execution;

/// <summary>
/// Lets so many through at a time. When a gateway drops connections the number is halved, at most once a second; each twenty connections that succeed
/// then give one back.
/// </summary>
sealed class AdaptiveLimiter(int limit, TimeProvider time)
{
    const int SuccessesPerStep = 20;
    static readonly TimeSpan s_betweenCuts = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    readonly int _maximum = limit;
    readonly Queue<TaskCompletionSource> _waiting = new();
    int _used, _successes;
    long? _lastCut;

    public int Limit { get; private set; } = limit;

    public Task EnterAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_used < Limit)
            {
                _used++;
                return Task.CompletedTask;
            }
            var turn = new TaskCompletionSource();
            _waiting.Enqueue(turn);
            return WaitAsync(turn, cancellationToken);
        }
    }

    public void Leave()
    {
        lock (_lock) _used--;
        Admit();
    }

    public void Succeeded()
    {
        lock (_lock)
        {
            if (Limit == _maximum || ++_successes < SuccessesPerStep) return;
            _successes = 0;
            Limit++;
        }
        Admit();
    }

    public void GatewayBusy()
    {
        lock (_lock)
        {
            _successes = 0;
            if (_lastCut is long last && time.GetElapsedTime(last) < s_betweenCuts) return;
            _lastCut = time.GetTimestamp();
            Limit = Math.Max(1, Limit / 2);
        }
    }

    /// <summary>Those who wait go on in here, hence outside of the lock.</summary>
    void Admit()
    {
        while (true)
        {
            TaskCompletionSource? next;
            lock (_lock)
            {
                if (_used >= Limit || !_waiting.TryDequeue(out next)) return;
                _used++;
            }
            if (next.TrySetResult()) continue;
            lock (_lock) _used--; // cancelled in the meantime
        }
    }

    static async Task WaitAsync(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stop = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task.ConfigureAwait(false);
    }
}
