using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>
/// The client's standard output. On a terminal each line appears as it is written; into a pipe everything comes in one block at the end, and nothing
/// at all if the client is interrupted before.
/// </summary>
internal sealed class ClientOutput(CommandContext context, int verbosity)
{
    readonly Lock _lock = new();
    readonly List<string> _held = [];

    public void Write(int level, string line)
    {
        if (level > verbosity) return;
        lock (_lock)
        {
            if (context.Terminal) context.WriteLine(line);
            else _held.Add(line);
        }
    }

    public void Write(string line) => Write(0, line);

    public void Flush()
    {
        lock (_lock)
        {
            if (_held.Count == 0) return;
            context.WriteLine(string.Join('\n', _held));
            _held.Clear();
        }
    }

    public void Drop()
    {
        lock (_lock) _held.Clear();
    }
}
