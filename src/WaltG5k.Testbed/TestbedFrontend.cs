using System.Net;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed;

/// <summary>The front-end of an emulated site: runs the emulated programs and reaches the emulated hosts.</summary>
/// <param name="time">The world's clock for its clients: it moves while a command runs.</param>
/// <param name="folder">Where the testbed is kept, if it is.</param>
/// <param name="closed">Cancelled when the testbed ends.</param>
sealed class TestbedFrontend(TestbedWorld world, string site, TimeProvider time, string? folder, CancellationToken closed) : IFrontend
{
    const int StatusNotFound = 127;
    const int HttpPort = 80;
    // How long an interrupted program may take to clean up, in real time, before it is left alone.
    static readonly TimeSpan s_interruptGrace = TimeSpan.FromMilliseconds(800);

    public string Site => site;
    public string Name => $"testbed {site}";

    public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireSite();
        long started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(request.Timeout, time);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, closed);
        var output = new CommandOutput(request.Terminal, onLine);
        Task<int> run = Task.Run(() => ExecuteAsync(request, output.WriteLine, output.WriteErrorLine, output.WriteText, null, interrupted.Token),
            CancellationToken.None);
        if (world.Faults.Take(FaultNames.FrontendLost, site, request.Program) is { } lost)
            await LoseAsync(run, lost.GetSeconds(), output, interrupted.Token).ConfigureAwait(false);
        await WaitQuietlyAsync(run.WaitAsync(interrupted.Token)).ConfigureAwait(false);
        if (!run.IsCompleted) await WaitQuietlyAsync(run.WaitAsync(s_interruptGrace, TimeProvider.System, CancellationToken.None))
            .ConfigureAwait(false);
        output.Close();
        if (interrupted.IsCancellationRequested && !IsBroken(run))
        {
            _ = run.ContinueWith(static r => r.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            if (closed.IsCancellationRequested) throw TestbedErrors.Closed(Name, folder);
            throw new G5kException("CommandTimeout", ErrorKind.OperationTimeout,
                $"'{request.Program}' on {Name} did not end within {request.Timeout.TotalSeconds:0.###} s.", request.ToString(),
                "Look at what the front-end does, and try again with a longer time limit.");
        }
        int status = await run.ConfigureAwait(false);
        return new CommandResult(Name, request, status, output.Output, output.Error, time.GetElapsedTime(started));
    }

    /// <summary>Runs a program on the user's terminal; it lasts as long as the user wants.</summary>
    public async Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireSite();
        if (!terminal.IsInteractive) throw TestbedErrors.NoTerminal(Name, request.Program);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closed);
        // The clock moves while the program runs, and stands while the user thinks.
        using var patient = new PatientTerminal(terminal, world.Time as VirtualClock);
        void WriteLine(string line) => patient.Write(line + "\n");
        Task<int> run = Task.Run(() => ExecuteAsync(request with { Terminal = true }, WriteLine, WriteLine, patient.Write, patient,
            interrupted.Token), CancellationToken.None);
        await WaitQuietlyAsync(run.WaitAsync(interrupted.Token)).ConfigureAwait(false);
        if (!run.IsCompleted) await WaitQuietlyAsync(run.WaitAsync(s_interruptGrace, TimeProvider.System, CancellationToken.None))
            .ConfigureAwait(false);
        if (interrupted.IsCancellationRequested && !IsBroken(run))
        {
            _ = run.ContinueWith(static r => r.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw TestbedErrors.Closed(Name, folder);
        }
        return await run.ConfigureAwait(false);
    }

    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        if (world.Time is not VirtualClock clock)
            return await LoopbackChannel.OpenAsync(Name, host, port, Resolve(host, port), cancellationToken).ConfigureAwait(false);
        using IDisposable busy = clock.Busy();
        Stream stream = await LoopbackChannel.OpenAsync(Name, host, port, Resolve(host, port), cancellationToken).ConfigureAwait(false);
        return port == HttpPort ? new ClockHoldingStream(stream, clock) : stream;
    }

    /// <summary>Where a port really is. Short host names are those of the site.</summary>
    /// <exception cref="G5kException"><c>ChannelRefused</c>: nothing listens there.</exception>
    public IPEndPoint Resolve(string host, int port)
    {
        RequireSite();
        string name = host.ToLowerInvariant();
        if (!name.Contains('.', StringComparison.Ordinal) && world.Endpoints.TryGetValue(($"{name}.{site}.grid5000.fr", port), out IPEndPoint? own))
            return own;
        return world.Endpoints.TryGetValue((name, port), out IPEndPoint? endpoint) ? endpoint : throw TestbedErrors.Refused(Name, host, port);
    }

    async Task<int> ExecuteAsync(CommandRequest request, Action<string> writeLine, Action<string> writeErrorLine, Action<string> writeText,
        ITerminal? terminal,
        CancellationToken interrupted)
    {
        if (world.Faults.Take(FaultNames.FrontendSlow, site) is { } slow)
            await Task.Delay(slow.GetSeconds(), world.Time, interrupted).ConfigureAwait(false);
        if (!world.Commands.TryGetValue(request.Program, out IEmulatedCommand? command))
        {
            writeErrorLine($"sh: 1: {request.Program}: not found");
            return StatusNotFound;
        }
        if (world.Faults.Take(FaultNames.CommandFails, request.Program) is { } failure)
        {
            writeErrorLine(failure.Value ?? $"{request.Program}: internal error, the command was aborted");
            return 1;
        }
        return await command.RunAsync(request.Program, new CommandContext
        {
            World = world,
            Site = site,
            User = world.User,
            Arguments = [.. request.Arguments.Skip(1)],
            Input = request.Input ?? "",
            Environment = request.Environment,
            Terminal = request.Terminal,
            Conversation = terminal,
            WriteLine = writeLine,
            WriteErrorLine = writeErrorLine,
            WriteText = writeText,
            Interrupted = interrupted,
        }).ConfigureAwait(false);
    }

    /// <summary>The connection breaks in the middle of a program, which knows nothing of it and goes on.</summary>
    async Task LoseAsync(Task run, TimeSpan after, CommandOutput output, CancellationToken interrupted)
    {
        await WaitQuietlyAsync(run.WaitAsync(after, time, interrupted)).ConfigureAwait(false);
        if (run.IsCompleted || interrupted.IsCancellationRequested) return;
        output.Close();
        _ = run.ContinueWith(static r => r.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        throw TestbedErrors.ConnectionLost(Name, site);
    }

    // An interrupted program may end as it likes, except by a failure of the emulation itself.
    static bool IsBroken(Task run) => run is { IsFaulted: true, Exception.InnerException: not OperationCanceledException };

    void RequireSite()
    {
        if (closed.IsCancellationRequested) throw TestbedErrors.Closed(Name, folder);
        if (!world.Sites.ContainsKey(site)) throw TestbedErrors.SiteNotFound(site, world.Sites.Keys);
    }

    static async Task WaitQuietlyAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
