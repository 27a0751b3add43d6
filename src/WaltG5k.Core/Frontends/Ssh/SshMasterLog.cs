namespace WaltG5k.Core.Frontends;

/// <summary>The last lines that a shared connection printed, numbered from the first.</summary>
sealed class SshMasterLog
{
    const int Limit = 200;

    readonly Lock _lock = new();
    readonly Queue<string> _lines = new();
    long _count;

    /// <summary>How many lines there have been.</summary>
    public long Count
    {
        get { lock (_lock) return _count; }
    }

    public string Text => string.Join('\n', Since(0));

    public string LastLine => Since(0).LastOrDefault("");

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            _count++;
            if (_lines.Count > Limit) _lines.Dequeue();
        }
    }

    /// <summary>The lines after the first <paramref name="count"/>, as far as they are kept.</summary>
    public IReadOnlyList<string> Since(long count)
    {
        lock (_lock) return [.. _lines.Skip((int)Math.Max(0, count - (_count - _lines.Count)))];
    }
}
