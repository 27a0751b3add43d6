using System.Text;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Testbed.Commands;

/// <summary>What a program writes: kept, and handed on line by line as it comes. On a terminal both streams are one.</summary>
sealed class CommandOutput(bool terminal, Action<OutputLine>? onLine)
{
    readonly Lock _lock = new();
    readonly StringBuilder _output = new();
    readonly StringBuilder _error = new();
    // What has been written of a line that is not ended yet.
    readonly StringBuilder _unfinished = new();
    bool _closed;

    public string Output
    {
        get { lock (_lock) return _output.ToString(); }
    }

    public string Error
    {
        get { lock (_lock) return _error.ToString(); }
    }

    public void WriteLine(string text) => Write(text, isError: false);
    public void WriteErrorLine(string text) => Write(text, isError: !terminal);

    /// <summary>Writes to the standard output as it is; the caller is told of whole lines, and of the last one at the end.</summary>
    public void WriteText(string text)
    {
        lock (_lock)
        {
            if (_closed || text.Length == 0) return;
            _output.Append(text);
            if (onLine is null) return;
            string[] lines = _unfinished.Append(text).ToString().Split('\n');
            _unfinished.Clear().Append(lines[^1]);
            foreach (string line in lines[..^1]) onLine(new OutputLine(line, false));
        }
    }

    /// <summary>Whatever is written from now on is lost, as after the program's end.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (!_closed && _unfinished.Length > 0) onLine?.Invoke(new OutputLine(_unfinished.ToString(), false));
            _closed = true;
        }
    }

    void Write(string text, bool isError)
    {
        // The lock is held while the caller is told, so that it sees the lines in their order.
        lock (_lock)
        {
            if (_closed) return;
            (isError ? _error : _output).Append(text).Append('\n');
            if (onLine is null) return;
            foreach (string line in text.Split('\n')) onLine(new OutputLine(line, isError));
        }
    }
}
