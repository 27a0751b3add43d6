using System.Text;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Core.Walt;

/// <summary>What a virtual node prints on its console: the server keeps it as log lines.</summary>
/// <param name="server">Its client.</param>
/// <param name="node">A virtual node.</param>
public sealed class NodeConsole(WaltServer server, WaltNodeInfo node)
{
    const string Stream = "^virtualconsole$";

    /// <summary>An answer to what was typed is there by then, as a rule.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>What is shown of what was printed before.</summary>
    static readonly TimeSpan s_past = TimeSpan.FromMinutes(2);

    DateTimeOffset? _read;

    /// <summary>The lines since the last time, or those of the last two minutes.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_read is not null) await Task.Delay(s_patience, server.Time, cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = await server.GetTimeAsync(cancellationToken).ConfigureAwait(false);
        WaltLogQuery query = new() { From = _read ?? now - s_past, To = now, Issuers = [node.Name], Stream = Stream };
        _read = now;
        List<string> lines = [];
        await foreach (WaltLogLine line in server.GetLogsAsync(query, cancellationToken).ConfigureAwait(false)) lines.Add(Decode(line.Line));
        return lines;
    }

    /// <summary>A line is text, or Python's bytes literal of what came at once.</summary>
    static string Decode(string line)
    {
        if (!line.StartsWith("b'", StringComparison.Ordinal) && !line.StartsWith("b\"", StringComparison.Ordinal)) return line;
        try { return PythonLiteral.Parse(line) is PythonBytes bytes ? Encoding.UTF8.GetString(bytes.Value.Span).TrimEnd('\r', '\n') : line; }
        catch (PythonLiteralException) { return line; }
    }
}
