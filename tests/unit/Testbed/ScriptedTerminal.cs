using System.Text;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Testbed;

/// <summary>A user who types prepared lines, and what he sees. Without more lines he closes the input, or thinks for ever.</summary>
sealed class ScriptedTerminal(params string[] lines) : ITerminal
{
    readonly Queue<string> _lines = new(lines);
    readonly StringBuilder _screen = new();

    public bool ThinksForEver { get; init; }
    public bool IsInteractive { get; init; } = true;

    public string Screen
    {
        get { lock (_screen) return _screen.ToString(); }
    }

    public async Task<string?> ReadLineAsync(string prompt, CancellationToken cancellationToken)
    {
        Write(prompt);
        if (_lines.TryDequeue(out string? line))
        {
            Write(line + "\n");
            return line;
        }
        if (ThinksForEver) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return null;
    }

    public void Write(string text)
    {
        lock (_screen) _screen.Append(text);
    }
}
