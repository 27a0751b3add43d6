using System.Text.Json.Nodes;
using WaltG5k.Core;

namespace WaltG5k.Testbed.State;

/// <summary>Saves a world's state a moment after it has changed, every few seconds for its clock, and at its end.</summary>
sealed class StateKeeper : IAsyncDisposable
{
    // In real time.
    static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    readonly TestbedWorld _world;
    readonly string _folder;
    readonly int _nodeCount;
    readonly SemaphoreSlim _changed = new(0, 1);
    readonly CancellationTokenSource _ended = new();
    readonly Task _saving;

    public StateKeeper(TestbedWorld world, string folder, int nodeCount)
    {
        _world = world;
        _folder = folder;
        _nodeCount = nodeCount;
        world.Changed += OnChanged;
        _saving = Task.Run(SaveChangesAsync);
    }

    /// <summary>Saves for the last time.</summary>
    /// <exception cref="G5kException"><c>TestbedStateUnavailable</c>: it could not be written.</exception>
    public async ValueTask DisposeAsync()
    {
        _world.Changed -= OnChanged;
        await _ended.CancelAsync().ConfigureAwait(false);
        await _saving.ConfigureAwait(false);
        _ended.Dispose();
        if (Save() is { } failure) throw SavedState.Unavailable(_folder, failure);
    }

    void OnChanged()
    {
        try
        {
            if (_changed.CurrentCount == 0) _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two changes at once: one notice serves both.
        }
    }

    async Task SaveChangesAsync()
    {
        // A failure to save is not the failure of whoever made the change: the next change tries again, and the end reports it.
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await _changed.WaitAsync(s_interval, _ended.Token).ConfigureAwait(false);
                await Task.Delay(s_settle, TimeProvider.System, _ended.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            Save();
        }
    }

    Exception? Save()
    {
        try
        {
            Take().Write(_folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    SavedState Take()
    {
        lock (_world.Sync)
        {
            JsonObject parts = [];
            foreach (ITestbedPart part in _world.Parts)
            {
                if (part.Save() is { } saved) parts[part.Name] = saved;
            }
            return new SavedState(_world.Time.GetUtcNow(), _nodeCount, parts);
        }
    }
}
