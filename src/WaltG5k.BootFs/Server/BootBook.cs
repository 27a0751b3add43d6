namespace WaltG5k.BootFs;

/// <summary>Remembers when boots began, so that a node's reads are taken into the trace while it boots, and not those of its later life.</summary>
sealed class BootBook(TimeProvider time, TimeSpan window)
{
    const int Most = 4096;

    readonly Lock _lock = new();
    readonly Dictionary<string, long> _begun = [];
    readonly Queue<string> _order = new();

    /// <summary>Until when, by the clock's timestamps, the boot's reads are to be recorded.</summary>
    public long EndOf(byte[] boot)
    {
        string key = Convert.ToHexString(boot);
        lock (_lock)
        {
            if (!_begun.TryGetValue(key, out long begun))
            {
                _begun[key] = begun = time.GetTimestamp();
                _order.Enqueue(key);
                if (_order.Count > Most) _begun.Remove(_order.Dequeue());
            }
            return begun + (long)(window.TotalSeconds * time.TimestampFrequency);
        }
    }
}
