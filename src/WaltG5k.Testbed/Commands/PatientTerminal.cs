using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed.Commands;

/// <summary>A terminal during whose silences a clock of speed 0 stands still: it moves for the program, not for the user who thinks.</summary>
internal sealed class PatientTerminal : ITerminal, IDisposable
{
    readonly ITerminal _inner;
    readonly VirtualClock? _clock;
    readonly Lock _lock = new();
    IDisposable? _waiting;
    bool _disposed;

    public PatientTerminal(ITerminal inner, VirtualClock? clock)
    {
        _inner = inner;
        _clock = clock;
        _waiting = clock?.Await();
    }

    public bool IsInteractive => _inner.IsInteractive;

    public async Task<string?> ReadLineAsync(string prompt, CancellationToken cancellationToken)
    {
        SetMoving(false);
        try
        {
            return await _inner.ReadLineAsync(prompt, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            SetMoving(true);
        }
    }

    public void Write(string text) => _inner.Write(text);

    public void Dispose()
    {
        lock (_lock) _disposed = true;
        SetMoving(false);
    }

    void SetMoving(bool moves)
    {
        lock (_lock)
        {
            if (moves && !_disposed) _waiting ??= _clock?.Await();
            else
            {
                _waiting?.Dispose();
                _waiting = null;
            }
        }
    }
}
