using System.Text;
using System.Threading.Channels;
using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed.Walt.Rpc;

/// <summary>
/// The server side of an exchange came to an end that the client is not told about: no reply, as the real server does on any exception.
/// </summary>
internal sealed class NoReplyException(string why) : Exception(why);

/// <summary>The session is over.</summary>
internal sealed class SessionEndException : Exception;

/// <summary>
/// A connection to tcp 12345 in the text mode: one Python literal per line. While a call of the client is open the server may call back; the answers
/// come in order, without any id.
/// </summary>
internal sealed class RpcSession(WaltHost host, Stream stream)
{
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    readonly List<IDisposable> _objects = [];
    string? _user;

    public WaltHost Host => host;

    /// <summary>Cancelled when the client has closed its connection.</summary>
    public CancellationToken ClientGone { get; private set; }

    public async Task RunAsync(CancellationToken stopped)
    {
        using CancellationTokenSource clientGone = new();
        ClientGone = clientGone.Token;
        Task pump = PumpAsync(clientGone, stopped);
        try
        {
            if (await NextLineAsync().ConfigureAwait(false) is not ("10" or "REQ_API_SESSION")) return;
            if (!RpcMethods.Apis.TryGetValue(await NextLineAsync().ConfigureAwait(false), out IReadOnlyDictionary<string, RpcMethod>? api)) return;
            await WriteLineAsync(WaltNames.Version).ConfigureAwait(false);
            while (true) await ServeAsync(await NextMessageAsync().ConfigureAwait(false), api).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SessionEndException or FormatException)
        {
            // Closed without a word, whoever's fault it was.
        }
        finally
        {
            foreach (IDisposable kept in _objects) kept.Dispose();
            await stream.DisposeAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(false);
        }
    }

    /// <summary>Keeps something for the client as long as he is connected; gives the number by which he names it.</summary>
    public int Keep(IDisposable kept)
    {
        _objects.Add(kept);
        return _objects.Count - 1;
    }

    /// <summary>What was kept under a number; another number is an exception on the real server.</summary>
    public T GetKept<T>(long number) where T : class
        => number >= 0 && number < _objects.Count && _objects[(int)number] is T kept ? kept : throw new NoReplyException("session object " + number);

    public Task PrintAsync(string text) => CallBackAsync("stdout.write", text + "\n");

    public Task PrintErrorAsync(string text) => CallBackAsync("stderr.write", text + "\n");

    public Task SetBusyLabelAsync(string text) => CallBackAsync("set_busy_label", text);

    /// <summary>The name that the client gives itself; asked once.</summary>
    public async Task<string> GetUserAsync()
    {
        _user ??= await CallBackAsync("get_username").ConfigureAwait(false) as string;
        return string.IsNullOrEmpty(_user) ? throw new NoReplyException("the client is disconnected") : _user;
    }

    /// <summary>Calls the client and waits for its answer.</summary>
    public async Task<object?> CallBackAsync(string path, params object?[] arguments)
    {
        await WriteMessageAsync("API_CALL", path, arguments, new Dictionary<string, object?>()).ConfigureAwait(false);
        return await NextMessageAsync().ConfigureAwait(false) is ["RESULT", var value] ? value : throw new SessionEndException();
    }

    async Task ServeAsync(object?[] message, IReadOnlyDictionary<string, RpcMethod> api)
    {
        switch (message)
        {
            case ["SET_MODE", "line-repr-eval"]:
                return;
            case ["API_CALL", string path, object?[] arguments, Dictionary<string, object?> named]:
                await CallAsync(path, new RpcCall(this, arguments, named), api).ConfigureAwait(false);
                return;
            default:
                // CLOSE, the pickled mode, and anything unknown.
                throw new SessionEndException();
        }
    }

    async Task CallAsync(string path, RpcCall call, IReadOnlyDictionary<string, RpcMethod> api)
    {
        object? result;
        try
        {
            if (!api.TryGetValue(path, out RpcMethod? method) || host.World.Faults.Strikes(FaultNames.WaltSilent, path)) return;
            result = await method(call).ConfigureAwait(false);
        }
        catch (NoReplyException)
        {
            return;
        }
        if (host.World.Faults.Strikes(FaultNames.WaltDrops, path)) throw new SessionEndException();
        await WriteMessageAsync("RESULT", result).ConfigureAwait(false);
    }

    async Task PumpAsync(CancellationTokenSource clientGone, CancellationToken stopped)
    {
        try
        {
            using StreamReader reader = new(stream, new UTF8Encoding(false), leaveOpen: true);
            while (await reader.ReadLineAsync(stopped).ConfigureAwait(false) is string line)
                await _lines.Writer.WriteAsync(line, stopped).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The same as an end of file.
        }
        _lines.Writer.TryComplete();
        await clientGone.CancelAsync().ConfigureAwait(false);
    }

    async Task<object?[]> NextMessageAsync() =>
        PythonReader.Read(await NextLineAsync().ConfigureAwait(false)) as object?[] ?? throw new SessionEndException();

    async Task<string> NextLineAsync()
    {
        try
        {
            return await _lines.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new SessionEndException();
        }
    }

    Task WriteMessageAsync(params object?[] message) => WriteLineAsync(PythonWriter.Write(message));

    async Task WriteLineAsync(string line)
    {
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new SessionEndException();
        }
    }
}
