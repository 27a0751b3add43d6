using System.Text;
using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Core.Walt.Rpc;

/// <summary>
/// One connection to a WalT server's RPC port, in text mode: one literal per line. While a call of ours is open the server may call back; each
/// callback is answered at once, in order, and the result of our call comes last. Answers carry no number, so there is one open call at a time.
/// After any failure but a "no" of the server the connection is closed: what would come next could belong to the call that failed.
/// </summary>
public sealed class RpcSession : IAsyncDisposable
{
    enum State
    {
        Idle,
        Calling,
        Closed,
    }

    static readonly TimeSpan s_openingTimeout = TimeSpan.FromSeconds(60);

    readonly LineChannel _channel;
    readonly string _host;
    readonly TimeProvider _time;
    readonly RpcCallbacks _callbacks;
    State _state;

    RpcSession(LineChannel channel, string host, RpcApi api, RpcCallbacks callbacks, TimeProvider time)
    {
        (_channel, _host, Api, _callbacks, _time) = (channel, host, api, callbacks, time);
    }

    public RpcApi Api { get; }

    /// <summary>Such as <c>10.0</c>.</summary>
    public string ServerVersion { get; private set; } = "";

    /// <summary>Whether a call may be made: no other is open and the server has not closed the connection.</summary>
    public bool IsUsable => _state == State.Idle && _channel.IsQuiet;

    /// <summary>Introduces this client on a fresh connection, which the session owns from now on.</summary>
    /// <param name="host">For messages.</param>
    /// <exception cref="G5kException"><c>WaltVersionUnsupported</c>, <c>RpcTimeout</c>, <c>RpcConnectionLost</c>,
    /// <c>RpcProtocolError</c>.</exception>
    public static async Task<RpcSession> OpenAsync(Stream stream, string host, RpcApi api, RpcCallbacks callbacks, TimeProvider time,
        CancellationToken cancellationToken = default)
    {
        RpcSession session = new(new LineChannel(stream), host, api, callbacks, time);
        try
        {
            await session.GuardAsync("its greeting", s_openingTimeout, session.IntroduceAsync, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    async Task<bool> IntroduceAsync(TimeLimit limit)
    {
        await _channel.WriteAsync($"10\n{(Api == RpcApi.Client ? "CSAPI" : "SSAPI")}\n", limit.Token).ConfigureAwait(false);
        ServerVersion = (await ReadLineAsync("its greeting", limit).ConfigureAwait(false)).Trim();
        if (ServerVersion == "10" || ServerVersion.StartsWith("10.", StringComparison.Ordinal)) return true;
        throw new G5kException("WaltVersionUnsupported", ErrorKind.NotInstalled,
            $"The WalT server {_host} answers '{Shorten(ServerVersion)}' where version 10 is expected.", _host,
            "Deploy a server with WalT 10: New-WaltDeployment, its -ServerEnvironment naming a WalT 10 environment.");
    }

    /// <summary>Makes a call and answers the server's callbacks until its result comes.</summary>
    /// <exception cref="G5kException"><c>RpcTimeout</c>, <c>RpcConnectionLost</c>, <c>RpcProtocolError</c>, <c>RpcServerFailure</c>.</exception>
    /// <exception cref="InvalidOperationException">A call is open, or the session is closed.</exception>
    public async Task<RpcResult> CallAsync(RpcCall call, CancellationToken cancellationToken = default)
    {
        if (_state != State.Idle) throw new InvalidOperationException(_state == State.Calling
            ? "A call is open on this connection."
            : "The connection is closed.");
        _state = State.Calling;
        bool done = false;
        try
        {
            RpcResult result = await GuardAsync(call.Method, call.Timeout, limit => ExchangeAsync(call, limit), cancellationToken)
                .ConfigureAwait(false);
            done = true;
            return result;
        }
        finally
        {
            _callbacks.EndCall();
            if (done) _state = State.Idle;
            else await DisposeAsync().ConfigureAwait(false);
        }
    }

    async Task<RpcResult> ExchangeAsync(RpcCall call, TimeLimit limit)
    {
        RpcOutput output = new();
        await SendAsync(limit, "API_CALL", call.Method, PythonLiteral.Tuple(call.Arguments), call.Keywords).ConfigureAwait(false);
        while (true)
        {
            string line = await ReadLineAsync(call.Method, limit).ConfigureAwait(false);
            switch (Parse(line, call.Method))
            {
                case { Items: [PythonString { Value: "RESULT" }, var value] }:
                    return new RpcResult(value, output.OutputLines, output.ErrorLines);
                case { Items: [PythonString { Value: "API_CALL" }, PythonString path, PythonSequence arguments, PythonDict] }:
                    PythonLiteral answer = await limit.PauseAsync(token => _callbacks.AnswerAsync(path.Value, arguments.Items, output, token))
                    .ConfigureAwait(false);
                    await SendAsync(limit, "RESULT", answer).ConfigureAwait(false);
                    break;
                case { Items: [PythonString { Value: "EXCEPTION" }, var text] }:
                    throw new G5kException("RpcServerFailure", ErrorKind.ProtocolError,
                        $"The WalT server {_host} failed inside {call.Method}: {text.AsString() ?? text.ToString()}", _host, LogAdvice);
                default:
                    throw Malformed(call.Method, line);
            }
        }
    }

    Task SendAsync(TimeLimit limit, params PythonLiteral[] message) => _channel.WriteAsync(PythonLiteral.Tuple(message) + "\n", limit.Token);

    async Task<string> ReadLineAsync(string method, TimeLimit limit) =>
        await _channel.ReadLineAsync(limit.Token).ConfigureAwait(false) ?? throw Lost(method, null);

    PythonTuple Parse(string line, string method)
    {
        try
        {
            return PythonLiteral.Parse(line) as PythonTuple ?? throw Malformed(method, line);
        }
        catch (PythonLiteralException e)
        {
            throw Malformed(method, line, e);
        }
    }

    /// <summary>Runs an exchange within its time limit and gives its failures their codes.</summary>
    async Task<T> GuardAsync<T>(string method, TimeSpan timeout, Func<TimeLimit, Task<T>> exchange, CancellationToken cancellationToken)
    {
        using TimeLimit limit = new(timeout, _time, cancellationToken);
        try
        {
            return await exchange(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && limit.IsOver)
        {
            throw new G5kException("RpcTimeout", ErrorKind.OperationTimeout,
                $"The WalT server {_host} did not answer {method} in {timeout.TotalSeconds:0} s: it stays silent when the call fails inside it, or does not exist.", _host, LogAdvice);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Lost(method, e);
        }
        catch (Exception e) when (e is DecoderFallbackException or InvalidDataException)
        {
            throw new G5kException("RpcProtocolError", ErrorKind.ProtocolError,
                $"The WalT server {_host} answered {method} with what is no text: {e.Message}", _host, LogAdvice, e);
        }
    }

    string LogAdvice => $"Look for the cause in the server's log: ssh root@{_host} journalctl -u walt-server -n 50";

    G5kException Lost(string method, Exception? cause) => new("RpcConnectionLost", ErrorKind.ConnectionError,
        $"The WalT server {_host} closed the connection during {method}.", _host,
        $"Try again; if it happens again: ssh root@{_host} systemctl status walt-server", cause);

    G5kException Malformed(string method, string line, PythonLiteralException? cause = null) => new("RpcProtocolError", ErrorKind.ProtocolError,
        $"The WalT server {_host} answered {method} with something else than an RPC message: {Shorten(line)}{(cause is null ? "" : $" ({cause.Message})")}", _host, LogAdvice, cause);

    static string Shorten(string text) => text.Length <= 120 ? text : text[..120] + "…";

    public async ValueTask DisposeAsync()
    {
        if (_state == State.Closed) return;
        _state = State.Closed;
        await _channel.DisposeAsync().ConfigureAwait(false);
    }
}
