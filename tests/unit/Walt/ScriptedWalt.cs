using System.Collections.Concurrent;
using System.Text;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Tests.Walt;

/// <summary>
/// A WalT server for tests, in memory: each RPC method and each HTTP path does what the test says. It writes Python by hand, so that
/// it does not share the mistakes of what it tests. It is its own front-end.
/// </summary>
sealed class ScriptedWalt : IFrontend, IDisposable
{
    readonly ConcurrentBag<Stream> _connections = [];

    public string Version { get; set; } = "10.0";
    /// <summary>By method: gets the call line and the connection, gives the value of the result, or null to say nothing.</summary>
    public Dictionary<string, Func<RpcConnection, string, Task<string?>>> Methods { get; } = [];
    /// <summary>By path with query: the body, or null for 404.</summary>
    public Func<string, string?> Http { get; set; } = _ => null;
    public ConcurrentQueue<string> Calls { get; } = [];
    public ConcurrentQueue<string> Greetings { get; } = [];
    public ConcurrentQueue<string> Requests { get; } = [];
    public int RpcConnections;

    public string Site => "nancy";
    public string Name => "fnancy";
    public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        (Stream client, Stream server) = DuplexStream.CreatePair();
        _connections.Add(server);
        _ = Task.Run(async () =>
        {
            using RpcConnection connection = new(server);
            try
            {
                await (port == 80 ? ServeHttpAsync(connection) : ServeRpcAsync(connection));
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException) { /* the client has gone */ }
        }, CancellationToken.None);
        return Task.FromResult(client);
    }

    public void On(string method, string? result) => Methods[method] = (_, _) => Task.FromResult(result);
    public void On(string method, Func<RpcConnection, string, Task<string?>> answer) => Methods[method] = answer;

    async Task ServeRpcAsync(RpcConnection connection)
    {
        Interlocked.Increment(ref RpcConnections);
        string? id = await connection.ReadAsync(), api = await connection.ReadAsync();
        Greetings.Enqueue($"{id} {api}");
        await connection.WriteAsync(Version);
        while (await connection.ReadAsync() is { } line)
        {
            Calls.Enqueue(line);
            string method = line.Split('\'')[3];
            string? value = Methods.TryGetValue(method, out var answer) ? await answer(connection, line) : null;
            if (value == "CLOSE") return;
            if (value is not null) await connection.WriteAsync($"('RESULT', {value})");
        }
    }

    async Task ServeHttpAsync(RpcConnection connection)
    {
        while (await connection.ReadAsync() is { } request)
        {
            string headers = "";
            while (await connection.ReadAsync() is { } header && header.Trim().Length > 0) headers += header + "\n";
            string path = request.Split(' ')[1];
            Requests.Enqueue(request.Trim() + "\n" + headers);
            string? body = Http(path);
            string text = body ?? "{\"error\": \"No such file.\", \"status_code\": 404}";
            string status = body is null ? "404 Not Found" : "200 OK";
            if (text.StartsWith("!400 ", StringComparison.Ordinal)) (status, text) = ("400 Bad Request", text[5..]);
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            await connection.WriteRawAsync([.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {bytes.Length}\r\n\r\n"), .. bytes]);
        }
    }

    public void Dispose()
    {
        foreach (Stream connection in _connections) connection.Dispose();
    }
}

/// <summary>The server's end of a connection.</summary>
sealed class RpcConnection(Stream stream) : IDisposable
{
    readonly StreamReader _reader = new(stream, new UTF8Encoding(false));

    public void Dispose() => _reader.Dispose();
    public Task<string?> ReadAsync() => _reader.ReadLineAsync();
    public Task WriteAsync(string line) => WriteRawAsync(Encoding.UTF8.GetBytes(line + "\n"));
    public async Task WriteRawAsync(byte[] bytes) => await stream.WriteAsync(bytes);

    /// <summary>Calls the client back and gives the value that it answers, as text.</summary>
    public async Task<string?> CallBackAsync(string path, string arguments = "()")
    {
        await WriteAsync($"('API_CALL', '{path}', {arguments}, {{}})");
        string? line = await ReadAsync();
        return line is not null && line.StartsWith("('RESULT', ", StringComparison.Ordinal) ? line[11..^1] : line;
    }

    public Task<string?> PrintErrorAsync(string text) => CallBackAsync("stderr.write", $"({new PythonString(text)},)");
    public Task<string?> PrintAsync(string text) => CallBackAsync("stdout.write", $"({new PythonString(text)},)");
}
