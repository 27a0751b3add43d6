using System.Runtime.InteropServices;

namespace WaltG5k.Host.Terminal;

/// <summary>The first Ctrl-C, TERM or HUP stops the pipeline and lets it clean up; the second one ends the process.</summary>
sealed class Interrupt : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly List<PosixSignalRegistration> _registrations = [];

    public Interrupt()
    {
        foreach (PosixSignal signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _registrations.Add(PosixSignalRegistration.Create(signal, Receive));
    }

    public CancellationToken Token => _stop.Token;

    void Receive(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested) return; // the second one does what it does to any process
        context.Cancel = true; // we end by ourselves
        _ = Task.Run(_stop.Cancel);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }
}
