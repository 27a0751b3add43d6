namespace WaltG5k.Testbed.Walt.Streams;

/// <summary>A request on tcp 12347, being served.</summary>
/// <param name="stopped">Cancelled when the server stops.</param>
internal sealed class StreamCall(WaltHost host, StreamConnection connection, Dictionary<string, object?> parameters, CancellationToken stopped)
{
    public WaltHost Host => host;
    public StreamConnection Connection => connection;
    public CancellationToken Stopped => stopped;
    /// <summary>As the client pickled them; empty for a request without any.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => parameters;

    /// <summary>Whether the client asked for a terminal: lines then end as on one.</summary>
    public bool IsTerminal => parameters.GetValueOrDefault("tty_mode") is true || parameters.GetValueOrDefault("client_tty") is true;

    /// <summary>A parameter that must be there; without it the real server raises an exception and closes.</summary>
    public string Text(string name) => parameters.GetValueOrDefault(name) as string ?? throw new FormatException("parameter " + name);

    public Task WriteAsync(string text) => connection.WriteAsync(text, stopped);

    public Task WriteLineAsync(string line) => WriteAsync(line + (IsTerminal ? "\r\n" : "\n"));

    /// <summary>Reads and forgets what the client sends, for a handler that wants no input; the token ends when the client goes.</summary>
    public CancellationTokenSource WatchClient()
    {
        CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        _ = WatchAsync(gone);
        return gone;
    }

    async Task WatchAsync(CancellationTokenSource gone)
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (await connection.ReadAsync(buffer, gone.Token).ConfigureAwait(false) > 0)
            {
            }
            await gone.CancelAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            await gone.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            // The handler has ended first.
        }
    }
}
