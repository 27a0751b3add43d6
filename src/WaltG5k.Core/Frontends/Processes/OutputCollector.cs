using System.Text;

namespace WaltG5k.Core.Frontends.Processes;

/// <summary>
/// Reads the two pipes of a process line by line: each line goes to the listener (one at a time), and up to a limit into the text that is kept.
/// </summary>
sealed class OutputCollector(Action<OutputLine>? onLine, ILineFilter? filter = null)
{
    /// <summary>Characters kept of each pipe; a front-end command that prints more is read by its lines.</summary>
    internal const int Limit = 8 << 20;

    /// <summary>A longer line is handed on in pieces: a program that prints no newline must not fill the memory.</summary>
    const int MaximumLine = 1 << 20;

    readonly Lock _lock = new();
    readonly Pipe _output = new(IsError: false), _error = new(IsError: true);
    readonly TaskCompletionSource _listenerFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _received;
    bool _isTruncated;

    sealed record Pipe(bool IsError)
    {
        public StringBuilder Kept { get; } = new();
        /// <summary>What came after the last newline.</summary>
        public StringBuilder Line { get; } = new();
    }

    /// <summary>Fails when the listener throws; never ends otherwise. The pipes are read on, so that the process can end.</summary>
    public Task ListenerFailed => _listenerFailed.Task;

    /// <summary>Characters read so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    public Task ReadOutputAsync(StreamReader reader) => ReadAsync(reader, _output);

    public Task ReadErrorAsync(StreamReader reader) => ReadAsync(reader, _error);

    /// <summary>What has been read so far, a line that has not ended included.</summary>
    public CommandResult ToResult(string frontend, CommandRequest request, int status, TimeSpan duration)
    {
        lock (_lock)
        {
            return new CommandResult(frontend, request, status, $"{_output.Kept}{_output.Line}", $"{_error.Kept}{_error.Line}",
                duration) { IsTruncated = _isTruncated };
        }
    }

    async Task ReadAsync(StreamReader reader, Pipe pipe)
    {
        char[] buffer = new char[8192];
        int count;
        while ((count = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            Interlocked.Add(ref _received, count);
            lock (_lock) Split(buffer.AsSpan(0, count), pipe);
        }
        lock (_lock)
        {
            if (pipe.Line.Length > 0) Take(pipe, endsLine: false);
        }
    }

    void Split(ReadOnlySpan<char> text, Pipe pipe)
    {
        while (text.Length > 0)
        {
            int end = text.IndexOf('\n');
            pipe.Line.Append(end < 0 ? text : text[..end]);
            if (end >= 0 || pipe.Line.Length >= MaximumLine) Take(pipe, endsLine: end >= 0);
            text = end < 0 ? [] : text[(end + 1)..];
        }
    }

    void Take(Pipe pipe, bool endsLine)
    {
        StringBuilder line = pipe.Line;
        if (endsLine && line.Length > 0 && line[^1] == '\r') line.Length--; // lines of a terminal
        string text = line.ToString();
        line.Clear();
        if (filter is not null && !filter.Pass(ref text, ref endsLine, pipe.IsError)) return;
        if (pipe.Kept.Length + text.Length < Limit) pipe.Kept.Append(text).Append(endsLine ? "\n" : "");
        else _isTruncated = true;
        Tell(new OutputLine(text, pipe.IsError));
    }

    void Tell(OutputLine line)
    {
        if (_listenerFailed.Task.IsCompleted) return;
        try
        {
            onLine?.Invoke(line);
        }
        catch (Exception e)
        {
            _listenerFailed.TrySetException(e);
        }
    }
}
