using System.Collections.Immutable;
using WaltG5k.Core;

namespace WaltG5k.Base;

/// <summary>
/// Carries what a deployment says, which outlives the cmdlet that started it, to whichever cmdlet is there to show it. Progress is left out: the
/// cmdlet that waits makes its own from the journal.
/// </summary>
internal sealed class SessionRelay : IReporter
{
    ImmutableArray<IReporter> _listeners = [];

    /// <summary>Listens until it is disposed.</summary>
    public IDisposable Attach(IReporter listener)
    {
        ImmutableInterlocked.Update(ref _listeners, (list, item) => list.Add(item), listener);
        return new Attachment(this, listener);
    }

    public void Verbose(string message)
    {
        foreach (IReporter listener in _listeners) listener.Verbose(message);
    }

    public void Warning(string message)
    {
        foreach (IReporter listener in _listeners) listener.Warning(message);
    }

    public void Progress(ProgressUpdate update) { }

    sealed class Attachment(SessionRelay relay, IReporter listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref relay._listeners, (list, item) => list.Remove(item), listener);
    }
}
