namespace WaltG5k.Core.Execution;

/// <summary>
/// One target's place among those that run at a time. A target that has not let us in after a second waits without it: dead nodes, which cost nothing
/// but patience, do not hold up the living ones.
/// </summary>
sealed class LimiterSlot : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    readonly AdaptiveLimiter _limiter;
    readonly ITimer _timer;
    int _hasLeft;

    /// <summary>The slot has been entered by the caller.</summary>
    public LimiterSlot(AdaptiveLimiter limiter, TimeProvider time)
    {
        _limiter = limiter;
        _timer = time.CreateTimer(static slot => ((LimiterSlot)slot!).Leave(), this, s_patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The target has let us in: it keeps its place until the end.</summary>
    public void Keep() => _timer.Dispose();

    public void Dispose()
    {
        _timer.Dispose();
        Leave();
    }

    void Leave()
    {
        if (Interlocked.Exchange(ref _hasLeft, 1) == 0) _limiter.Leave();
    }
}
