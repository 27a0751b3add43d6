using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.State;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed.Sharing;

/// <summary>
/// A testbed that another process runs. Its clock follows the owner's: same date, same speed, same jumps. A testbed of speed 0 cannot be joined,
/// since its clock moves when its own process is idle, which says nothing about the others.
/// </summary>
sealed class JoinedGrid : TestbedGrid
{
    static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(10);

    readonly string _folder;
    readonly MessageChannel<ServerMessage, ClientMessage> _channel;
    readonly VirtualClock _clock;
    readonly OarApiClients _oarApis;
    readonly CancellationTokenSource _ended = new();
    readonly Task _listening;
    bool _disposed;

    JoinedGrid(string folder, MessageChannel<ServerMessage, ClientMessage> channel, HelloAnswer hello, TimeSpan answerLimit)
    {
        AnswerLimit = answerLimit;
        _folder = folder;
        _channel = channel;
        _clock = new VirtualClock(hello.Now, hello.Speed);
        User = hello.User;
        HomeDirectory = StateFolder.HomeIn(folder);
        Api = new HttpClient(new OwnerHandler(this)) { BaseAddress = hello.Api };
        _oarApis = new OarApiClients(hello.OarApi, User, () => new OwnerHandler(this));
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>Joins the testbed of a folder, or gives null: nobody answers there (yet).</summary>
    /// <param name="answerLimit">How long the owner may take for an answer that needs no work, in real time. Null: 10 s.</param>
    /// <exception cref="G5kException"><c>TestbedNotShareable</c>.</exception>
    public static async Task<JoinedGrid?> TryJoinAsync(string folder, TimeSpan? answerLimit, CancellationToken cancellationToken)
    {
        answerLimit ??= s_answerLimit;
        if (await OpenChannelAsync(folder, cancellationToken).ConfigureAwait(false) is not { } channel) return null;
        bool joined = false;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(answerLimit.Value);
            if (!await channel.SendAsync(new HelloRequest(), limit.Token).ConfigureAwait(false)) return null;
            ServerMessage? answer = await channel.ReceiveAsync(limit.Token).ConfigureAwait(false);
            if (answer is FailureAnswer failure) throw failure.ToException();
            if (answer is not HelloAnswer hello) return null;
            if (hello.Speed == 0) throw JumpMode(folder);
            joined = true;
            return new JoinedGrid(folder, channel, hello, answerLimit.Value);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            if (!joined) channel.Dispose();
        }
    }

    public TimeSpan AnswerLimit { get; }
    public override TestbedWorld World => throw new InvalidOperationException("Another process emulates this testbed.");
    public override bool IsJoined => true;
    public override string User { get; }
    public override string HomeDirectory { get; }
    public override TimeProvider Time => _clock;
    public override HttpClient Api { get; }
    public override HttpClient? GetOarApi(string site) => _oarApis.Get(site);
    public override IReadOnlyList<string> ConnectArguments => ["-Testbed", "-StatePath", _folder];
    public override IFrontend GetFrontend(string site) => new JoinedFrontend(this, site);

    /// <summary>A new connection to the owner.</summary>
    /// <exception cref="G5kException"><c>FrontendUnreachable</c>: it has ended.</exception>
    public async Task<MessageChannel<ServerMessage, ClientMessage>> ConnectAsync(string frontend, CancellationToken cancellationToken) =>
        (_ended.IsCancellationRequested ? null : await OpenChannelAsync(_folder, cancellationToken).ConfigureAwait(false)) ?? throw Ended(frontend);

    public G5kException Ended(string frontend, Exception? inner = null) => TestbedErrors.Closed(frontend, _folder, inner);

    /// <summary>The owner lives but does not answer, as when it is stopped.</summary>
    public static G5kException Silent(string frontend) => new("FrontendUnreachable", ErrorKind.ConnectionError,
        $"The process that runs the testbed behind {frontend} does not answer.", frontend,
        "Look whether that process is stopped or overloaded; end it to open the testbed here.");

    public override async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _ended.CancelAsync().ConfigureAwait(false);
        await _listening.ConfigureAwait(false);
        Api.Dispose();
        _oarApis.Dispose();
        _channel.Dispose();
        _clock.Dispose();
    }

    async Task ListenAsync()
    {
        try
        {
            while (await _channel.ReceiveAsync(_ended.Token).ConfigureAwait(false) is { } message)
            {
                if (message is ClockAnswer clock) _clock.Jump(clock.Now - _clock.GetUtcNow());
            }
            await _ended.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // This grid was closed.
        }
    }

    static async Task<MessageChannel<ServerMessage, ClientMessage>?> OpenChannelAsync(string folder, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(StateFolder.GetSocketPath(folder)), cancellationToken).ConfigureAwait(false);
            return new MessageChannel<ServerMessage, ClientMessage>(new NetworkStream(socket, ownsSocket: true),
                MessageContext.Default.ServerMessage, MessageContext.Default.ClientMessage);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static G5kException JumpMode(string folder) => new("TestbedNotShareable", ErrorKind.InvalidOperation,
        $"The testbed in '{folder}' runs at speed 0: it skips every wait of its own process and cannot be shared with another.", folder,
        $"Close it, and open it with a speed: Connect-G5k -Testbed -Speed 60 -StatePath {PosixShell.Quote(folder)}");

    // The API is served by the owner: when it cannot be reached, the testbed has ended.
    sealed class OwnerHandler(JoinedGrid grid) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e)
            {
                throw grid.Ended("the reference API", e);
            }
        }
    }
}
