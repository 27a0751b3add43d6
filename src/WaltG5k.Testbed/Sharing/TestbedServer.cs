using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.State;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed.Sharing;

/// <summary>Lets other processes of the same user join a testbed, over a Unix socket in its folder.</summary>
sealed class TestbedServer : IAsyncDisposable
{
    readonly OwnedGrid _grid;
    readonly VirtualClock _clock;
    readonly string _path;
    readonly Socket _listener;
    readonly CancellationTokenSource _ended = new();
    readonly ConcurrentDictionary<Task, bool> _connections = new();
    readonly Task _accepting;

    /// <exception cref="G5kException"><c>TestbedStateUnavailable</c>: the folder can hold no socket.</exception>
    public TestbedServer(OwnedGrid grid, VirtualClock clock, string path)
    {
        _grid = grid;
        _clock = clock;
        _path = path;
        _listener = Listen(path);
        _accepting = Task.Run(AcceptAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        File.Delete(_path);
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
        _ended.Dispose();
    }

    static Socket Listen(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Whoever holds the lock owns the socket: one that is there was left by a process that died.
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(64);
            return listener;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            throw SavedState.Unavailable(Path.GetDirectoryName(path)!, e);
        }
    }

    async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_ended.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            var connection = Task.Run(() => ServeAsync(socket));
            _connections.TryAdd(connection, true);
            _ = connection.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var channel = new MessageChannel<ClientMessage, ServerMessage>(stream, MessageContext.Default.ClientMessage,
            MessageContext.Default.ServerMessage);
        try
        {
            ClientMessage? request = await channel.ReceiveAsync(_ended.Token).ConfigureAwait(false);
            if (request is null) return;
            if (request.Protocol != ClientMessage.CurrentProtocol)
            {
                await channel.SendAsync(FailureAnswer.From(OtherVersion()), _ended.Token).ConfigureAwait(false);
                return;
            }
            await (request switch
            {
                HelloRequest => HoldAsync(channel),
                RunRequest run => RunAsync(channel, run),
                TalkRequest talk => TalkAsync(channel, talk),
                ResolveRequest resolve => ResolveAsync(channel, resolve),
                _ => Task.CompletedTask,
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Closing the connection tells the other side.
        }
    }

    // The joined process learns of every jump of the clock, and by the end of the connection of the end of the testbed.
    async Task HoldAsync(MessageChannel<ClientMessage, ServerMessage> channel)
    {
        Channel<ServerMessage> jumps = Channel.CreateUnbounded<ServerMessage>();
        void Tell() => jumps.Writer.TryWrite(new ClockAnswer(_clock.GetUtcNow()));
        _clock.Jumped += Tell;
        try
        {
            var hello = new HelloAnswer(_grid.User, _grid.Api.BaseAddress!, _grid.OarApiRoot, _clock.GetUtcNow(), _clock.Speed);
            if (!await channel.SendAsync(hello, _ended.Token).ConfigureAwait(false)) return;
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            Task sending = SendAllAsync(channel, jumps.Reader, gone.Token);
            while (await channel.ReceiveAsync(_ended.Token).ConfigureAwait(false) is not null)
            {
                // Nothing is said on this connection but hello.
            }
            await gone.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _clock.Jumped -= Tell;
        }
    }

    async Task RunAsync(MessageChannel<ClientMessage, ServerMessage> channel, RunRequest run)
    {
        Channel<ServerMessage> answers = Channel.CreateUnbounded<ServerMessage>();
        Task sending = SendAllAsync(channel, answers.Reader, _ended.Token);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        Task listening = InterruptWhenAskedAsync(channel, interrupted, finished.Token);
        ServerMessage? end = await ExecuteAsync(run, line => answers.Writer.TryWrite(new LineAnswer(line.Text, line.IsError)), interrupted.Token)
            .ConfigureAwait(false);
        if (end is not null) answers.Writer.TryWrite(end);
        answers.Writer.Complete();
        await sending.ConfigureAwait(false);
        await finished.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task TalkAsync(MessageChannel<ClientMessage, ServerMessage> channel, TalkRequest talk)
    {
        Channel<ServerMessage> answers = Channel.CreateUnbounded<ServerMessage>();
        Task sending = SendAllAsync(channel, answers.Reader, _ended.Token);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        var terminal = new RemoteTerminal(answers.Writer);
        Task listening = terminal.ListenAsync(channel, interrupted, finished.Token);
        var request = new CommandRequest(talk.Arguments) { Environment = talk.Environment, Terminal = true };
        ServerMessage? end = await AnswerAsync(async () =>
        {
            int status = await _grid.GetFrontend(talk.Site).RunInteractiveAsync(request, terminal, interrupted.Token).ConfigureAwait(false);
            return new EndAnswer(status, TimeSpan.Zero);
        }, interrupted.Token).ConfigureAwait(false);
        if (end is not null) answers.Writer.TryWrite(end);
        answers.Writer.Complete();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await finished.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    Task<ServerMessage?> ExecuteAsync(RunRequest run, Action<OutputLine> onLine, CancellationToken interrupted)
    {
        var request = new CommandRequest(run.Arguments) { Input = run.Input, Environment = run.Environment, Terminal = run.Terminal,
            Timeout = run.Timeout };
        return AnswerAsync(async () =>
        {
            CommandResult result = await _grid.GetFrontend(run.Site).RunAsync(request, onLine, interrupted).ConfigureAwait(false);
            return new EndAnswer(result.ExitStatus, result.Duration);
        }, interrupted);
    }

    static async Task<ServerMessage?> AnswerAsync(Func<Task<EndAnswer>> run, CancellationToken interrupted)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return null;
        }
        catch (G5kException e)
        {
            return FailureAnswer.From(e);
        }
        catch (Exception e)
        {
            // A defect has to be seen where the program was asked for.
            return new DefectAnswer(e.ToString());
        }
    }

    async Task ResolveAsync(MessageChannel<ClientMessage, ServerMessage> channel, ResolveRequest request)
    {
        ServerMessage answer;
        try
        {
            IPEndPoint endpoint = _grid.Resolve(request.Site, request.Host, request.Port);
            answer = new EndpointAnswer(endpoint.Address.ToString(), endpoint.Port);
        }
        catch (G5kException e)
        {
            answer = FailureAnswer.From(e);
        }
        await channel.SendAsync(answer, _ended.Token).ConfigureAwait(false);
    }

    // Asked by a message, or by the end of a client that died.
    static async Task InterruptWhenAskedAsync(MessageChannel<ClientMessage, ServerMessage> channel, CancellationTokenSource interrupted,
        CancellationToken finished)
    {
        while (await channel.ReceiveAsync(finished).ConfigureAwait(false) is { } message && message is not CancelRequest)
        {
            // Nothing else is said while a program runs.
        }
        await interrupted.CancelAsync().ConfigureAwait(false);
    }

    static async Task SendAllAsync(MessageChannel<ClientMessage, ServerMessage> channel, ChannelReader<ServerMessage> answers,
        CancellationToken cancellationToken)
    {
        await foreach (ServerMessage answer in answers.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!await channel.SendAsync(answer, cancellationToken).ConfigureAwait(false)) return;
        }
    }

    static G5kException OtherVersion() => new("TestbedNotShareable", ErrorKind.InvalidOperation,
        "The testbed is run by another version of this module, which speaks another protocol.", null,
        "Use the same version in both shells, or another -StatePath.");
}
