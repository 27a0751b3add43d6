using System.Net;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Sharing;

/// <summary>A front-end of a testbed that another process runs.</summary>
sealed class JoinedFrontend(JoinedGrid grid, string site) : IFrontend
{
    // How long the owner may take to interrupt a program, in real time.
    static readonly TimeSpan s_interruptGrace = TimeSpan.FromMilliseconds(900);

    public string Site => site;
    public string Name => $"testbed {site}";

    public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using MessageChannel<ServerMessage, ClientMessage> channel = await grid.ConnectAsync(Name, cancellationToken).ConfigureAwait(false);
        var run = new RunRequest(site, request.Arguments, request.Input, request.Environment, request.Terminal, request.Timeout);
        if (!await channel.SendAsync(run, cancellationToken).ConfigureAwait(false)) throw grid.Ended(Name);
        var output = new CommandOutput(request.Terminal, onLine);
        Task<ServerMessage?> ending = ReadToEndAsync(channel, output);
        // The owner ends the program at its time limit; this one is for an owner that does not answer any more.
        using var limit = new CancellationTokenSource();
        Task overdue = WaitForLimitAsync(request.Timeout, limit.Token);
        await ((Task)Task.WhenAny(ending, overdue).WaitAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await limit.CancelAsync().ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
        {
            if (await channel.SendAsync(new CancelRequest(), CancellationToken.None).ConfigureAwait(false))
                await ((Task)ending.WaitAsync(s_interruptGrace, TimeProvider.System, CancellationToken.None))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            output.Close();
            cancellationToken.ThrowIfCancellationRequested();
        }
        if (!ending.IsCompleted)
        {
            output.Close();
            throw JoinedGrid.Silent(Name);
        }
        return await ending.ConfigureAwait(false) switch
        {
            EndAnswer end => new CommandResult(Name, request, end.Status, output.Output, output.Error, end.Duration),
            FailureAnswer failure => throw failure.ToException(),
            DefectAnswer defect => throw new InvalidOperationException($"The testbed failed while it ran '{request.Program}': {defect.Text}"),
            _ => throw grid.Ended(Name),
        };
    }

    public async Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!terminal.IsInteractive) throw TestbedErrors.NoTerminal(Name, request.Program);
        using MessageChannel<ServerMessage, ClientMessage> channel = await grid.ConnectAsync(Name, cancellationToken).ConfigureAwait(false);
        if (!await channel.SendAsync(new TalkRequest(site, request.Arguments, request.Environment), cancellationToken).ConfigureAwait(false))
            throw grid.Ended(Name);
        Task<ServerMessage?> ending = TalkAsync(channel, terminal, cancellationToken);
        await ((Task)ending.WaitAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested)
        {
            if (await channel.SendAsync(new CancelRequest(), CancellationToken.None).ConfigureAwait(false))
                await ((Task)ending.WaitAsync(s_interruptGrace, TimeProvider.System, CancellationToken.None))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
        return await ending.ConfigureAwait(false) switch
        {
            EndAnswer end => end.Status,
            FailureAnswer failure => throw failure.ToException(),
            DefectAnswer defect => throw new InvalidOperationException($"The testbed failed while it ran '{request.Program}': {defect.Text}"),
            _ => throw grid.Ended(Name),
        };
    }

    // A prompt is answered beside the reading: the program may end while the user thinks.
    static async Task<ServerMessage?> TalkAsync(MessageChannel<ServerMessage, ClientMessage> channel, ITerminal terminal, CancellationToken cancelled)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        try
        {
            while (await channel.ReceiveAsync(CancellationToken.None).ConfigureAwait(false) is { } message)
            {
                if (message is TextAnswer text) terminal.Write(text.Text);
                else if (message is PromptAnswer prompt) _ = AnswerPromptAsync(channel, terminal, prompt.Prompt, over.Token);
                else return message;
            }
            return null;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    static async Task AnswerPromptAsync(MessageChannel<ServerMessage, ClientMessage> channel, ITerminal terminal, string prompt,
        CancellationToken over)
    {
        try
        {
            string? line = await terminal.ReadLineAsync(prompt, over).ConfigureAwait(false);
            await channel.SendAsync(new TypedLine(line), over).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The program has ended, or was interrupted, while the user thought.
        }
    }

    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        using MessageChannel<ServerMessage, ClientMessage> channel = await grid.ConnectAsync(Name, cancellationToken).ConfigureAwait(false);
        if (!await channel.SendAsync(new ResolveRequest(site, host, port), cancellationToken).ConfigureAwait(false)) throw grid.Ended(Name);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(grid.AnswerLimit);
        ServerMessage? answer;
        try
        {
            answer = await channel.ReceiveAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw JoinedGrid.Silent(Name);
        }
        return answer switch
        {
            EndpointAnswer endpoint => await LoopbackChannel.OpenAsync(Name, host, port,
                new IPEndPoint(IPAddress.Parse(endpoint.Address), endpoint.Port), cancellationToken).ConfigureAwait(false),
            FailureAnswer failure => throw failure.ToException(),
            _ => throw grid.Ended(Name),
        };
    }

    async Task WaitForLimitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await Task.Delay(limit, grid.Time, cancellationToken).ConfigureAwait(false);
        await Task.Delay(grid.AnswerLimit, TimeProvider.System, cancellationToken).ConfigureAwait(false);
    }

    // The lines go to the caller; what ends them is returned, null if the owner has gone.
    static async Task<ServerMessage?> ReadToEndAsync(MessageChannel<ServerMessage, ClientMessage> channel, CommandOutput output)
    {
        while (await channel.ReceiveAsync(CancellationToken.None).ConfigureAwait(false) is { } message)
        {
            if (message is not LineAnswer line) return message;
            if (line.IsError) output.WriteErrorLine(line.Text);
            else output.WriteLine(line.Text);
        }
        return null;
    }
}
