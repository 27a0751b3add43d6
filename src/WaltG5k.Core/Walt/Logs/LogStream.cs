using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Streams;

namespace WaltG5k.Core.Walt.Logs;

/// <summary>Lines as a server's stream DUMP_LOGS sends them: one pickled dict for each.</summary>
sealed class LogStream(WaltStream stream, string host) : IAsyncDisposable
{
    readonly PickleStreamReader _reader = new(stream);

    /// <param name="from">From when on past lines are sent first; null: only those to come.</param>
    public static async Task<LogStream> OpenAsync(WaltServer server, WaltLogQuery query, DateTimeOffset? from, CancellationToken cancellationToken)
    {
        PythonDict parameters = PythonDict.Of(
            ("history", from is { } begin ? PythonLiteral.Tuple(LogTime.ToSeconds(begin), PythonLiteral.None) : PythonLiteral.None),
            ("realtime", true),
            ("issuers", query.Issuers.Count > 0 ? PythonLiteral.Strings(query.Issuers) : PythonLiteral.None),
            ("streams_regexp", query.Stream is { } streams ? streams : PythonLiteral.None),
            ("logline_regexp", query.Pattern is { } pattern ? pattern : PythonLiteral.None),
            ("timestamps_format", "float-s"),
            ("output_format", "dict-pickles"));
        return new LogStream(await server.OpenStreamAsync(WaltStreamRequest.DumpLogs, parameters, cancellationToken).ConfigureAwait(false),
            server.Host);
    }

    /// <summary>The next line; null when the connection has ended, however it ended.</summary>
    /// <exception cref="G5kException"><c>LogStreamInvalid</c>.</exception>
    public async Task<WaltLogLine?> ReadAsync(CancellationToken cancellationToken)
    {
        PythonLiteral? value;
        try
        {
            value = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (InvalidDataException e)
        {
            throw Invalid(e.Message, e);
        }
        if (value is null) return null;
        return value is PythonDict dict && dict["line"]?.AsString() is { } line && dict["issuer"]?.AsString() is { } issuer
            && dict["stream"]?.AsString() is { } name
            && LogTime.Read(dict["timestamp"]) is { } timestamp
            ? new WaltLogLine(timestamp, issuer, name, line)
            : throw Invalid($"a line without its parts: {value}");
    }

    G5kException Invalid(string what, Exception? cause = null) =>
        new("LogStreamInvalid", ErrorKind.ProtocolError, $"The WalT server {host} sends {what} as a log line.", host, "Is it WalT 10?", cause);

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
