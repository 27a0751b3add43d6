using System.Management.Automation;

namespace WaltG5k.Host.Terminal;

/// <summary>
/// Shows how far the work is: on a terminal one line that is rewritten at most five times a second; elsewhere a line per change of status,
/// at most one per activity in two seconds, so that the log of a night's run can be read.
/// </summary>
sealed class ProgressWriter(TextWriter writer, bool isTerminal, Func<int> width, TimeProvider time)
{
    static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(200), s_repeat = TimeSpan.FromSeconds(2);

    readonly Dictionary<int, (string Text, long At)> _written = [];
    long? _drawnAt;
    bool _isShown;

    public void Write(ProgressRecord record)
    {
        if (isTerminal) Draw(record);
        else Log(record);
    }

    /// <summary>Makes room for other output.</summary>
    public void Clear()
    {
        if (!_isShown) return;
        writer.Write(Ansi.ClearLine);
        writer.Flush();
        _isShown = false;
        _drawnAt = null;
    }

    void Draw(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }
        if (_drawnAt is { } last && time.GetElapsedTime(last) < s_redraw) return;
        writer.Write(Ansi.ClearLine + ProgressText.Bar(record, width()));
        writer.Flush();
        (_isShown, _drawnAt) = (true, time.GetTimestamp());
    }

    void Log(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            _written.Remove(record.ActivityId);
            return;
        }
        string status = $"{record.Activity}: {record.StatusDescription}";
        if (_written.TryGetValue(record.ActivityId, out (string Text, long At) last)
            && (last.Text == status || time.GetElapsedTime(last.At) < s_repeat)) return;
        _written[record.ActivityId] = (status, time.GetTimestamp());
        writer.WriteLine(ProgressText.Plain(record));
    }
}
