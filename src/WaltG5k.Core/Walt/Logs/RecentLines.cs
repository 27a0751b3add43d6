namespace WaltG5k.Core.Walt.Logs;

/// <summary>The lines of the last seconds, by which those that a server sends again after a lost connection are known.</summary>
/// <param name="span">How far back the server is asked again.</param>
sealed class RecentLines(TimeSpan span)
{
    readonly Queue<WaltLogLine> _lines = new();
    Dictionary<WaltLogLine, int> _repeats = [];
    DateTimeOffset _newest = DateTimeOffset.MinValue;

    /// <summary>From when on lines are to be asked for again; never before the time given.</summary>
    public DateTimeOffset GetResumption(DateTimeOffset earliest) => _newest > earliest + span ? _newest - span : earliest;

    /// <summary>From now on each line that is here already counts as repeated, once.</summary>
    public void Resume()
    {
        _repeats = [];
        foreach (WaltLogLine line in _lines) _repeats[line] = _repeats.GetValueOrDefault(line) + 1;
    }

    /// <summary>Takes note of a line; false for one that was here before the connection was lost.</summary>
    public bool Add(WaltLogLine line)
    {
        if (_repeats.TryGetValue(line, out int count) && count > 0)
        {
            _repeats[line] = count - 1;
            return false;
        }
        _lines.Enqueue(line);
        if (line.Timestamp > _newest) _newest = line.Timestamp;
        while (_lines.TryPeek(out WaltLogLine? oldest) && oldest.Timestamp < _newest - span) _lines.Dequeue();
        return true;
    }
}
