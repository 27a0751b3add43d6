namespace WaltG5k.Core.Frontends;

/// <summary>A command or a channel as the journal keeps it. It holds no input and no environment: those may be secret.</summary>
/// <param name="Frontend">Where it ran.</param>
/// <param name="What">The command line, or <c>connect HOST:PORT</c>.</param>
/// <param name="ExitStatus">Null when it did not end by itself; <paramref name="Failure"/> then says why.</param>
public sealed record CommandRecord(DateTimeOffset Date, string Frontend, string What, int? ExitStatus, TimeSpan Duration, string? Failure = null);

/// <summary>A front-end that tells what is run on it: to -Verbose, and to a journal.</summary>
public sealed class RecordingFrontend(IFrontend inner, IReporter reporter, TimeProvider time, Action<CommandRecord>? sink = null) : IFrontend
{
    public string Site => inner.Site;
    public string Name => inner.Name;

    /// <inheritdoc/>
    public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default)
    {
        reporter.Verbose($"{inner.Name}: {request}");
        if (request is { Input.Length: > 0, InputIsSecret: false }) reporter.Verbose($"{inner.Name}: standard input: {request.Input.TrimEnd()}");
        return RecordAsync(request.ToString(), request.Program, () => inner.RunAsync(request, onLine, cancellationToken),
            result => result.ExitStatus);
    }

    /// <inheritdoc/>
    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        string what = FormattableString.Invariant($"connect {host}:{port}");
        return RecordAsync(what, what, () => inner.ConnectAsync(host, port, cancellationToken), _ => 0);
    }

    /// <inheritdoc/>
    public Task<IRunningProgram?> StartAsync(CommandRequest request, CancellationToken cancellationToken = default)
    {
        reporter.Verbose($"{inner.Name}: {request}");
        return inner.StartAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public NodeGate Gate => inner.Gate is var gate && ReferenceEquals(gate.Runner, inner)
        ? gate with { Runner = this }
        : gate with { Runner = new RecordingFrontend(gate.Runner, reporter, time, sink) };

    /// <inheritdoc/>
    public Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default) =>
        RecordAsync(request.ToString(), request.Program, () => inner.RunInteractiveAsync(request, terminal, cancellationToken), status => status);

    async Task<T> RecordAsync<T>(string what, string shortName, Func<Task<T>> run, Func<T, int> getStatus)
    {
        DateTimeOffset date = time.GetUtcNow();
        long start = time.GetTimestamp();
        try
        {
            T result = await run().ConfigureAwait(false);
            Tell(getStatus(result), null);
            return result;
        }
        catch (Exception e)
        {
            Tell(null, e is OperationCanceledException ? "cancelled" : e.Message);
            throw;
        }

        void Tell(int? status, string? failure)
        {
            TimeSpan duration = time.GetElapsedTime(start);
            string end = failure ?? FormattableString.Invariant($"status {status}");
            reporter.Verbose(FormattableString.Invariant($"{inner.Name}: {shortName}: {end}, {duration.TotalSeconds:0.0} s"));
            sink?.Invoke(new CommandRecord(date, inner.Name, what, status, duration, failure));
        }
    }
}
