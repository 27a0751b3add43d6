namespace WaltG5k.Testbed.Time;

/// <summary>The thread that moves a clock of speed 0 to its next timer whenever the process is quiescent.</summary>
sealed class JumpDriver : IDisposable
{
    readonly VirtualClock _clock;
    readonly ProcessQuiescence _quiescence = new();
    readonly AutoResetEvent _wake = new(false);
    readonly ManualResetEvent _stop = new(false);
    readonly Thread _thread;

    public JumpDriver(VirtualClock clock)
    {
        _clock = clock;
        _thread = new Thread(Run) { IsBackground = true, Name = "Virtual clock" };
        _thread.Start();
    }

    /// <summary>Says that a timer was set.</summary>
    public void Wake() => _wake.Set();

    public void Dispose()
    {
        _stop.Set();
        _wake.Set();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _wake.Dispose();
        _stop.Dispose();
    }

    void Run()
    {
        using (_quiescence) Drive();
    }

    void Drive()
    {
        while (!_stop.WaitOne(_clock.IsAwaited ? ProcessQuiescence.CheckInterval : TimeSpan.Zero))
        {
            if (!_clock.IsAwaited)
            {
                _wake.WaitOne();
                _quiescence.Reset();
            }
            else if (_clock.IsBusy) _quiescence.Reset();
            else if (_quiescence.Check())
            {
                _clock.JumpToNextTimer();
                _quiescence.Reset();
            }
        }
    }
}
