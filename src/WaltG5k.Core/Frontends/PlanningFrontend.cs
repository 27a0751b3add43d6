namespace WaltG5k.Core.Frontends;

/// <summary>
/// A front-end on which nothing can be changed, for -WhatIf: commands that only look pass, the others are told and not run, and channels (over which
/// anything could be done) are refused.
/// </summary>
/// <param name="inner">Where reading commands run.</param>
/// <param name="onChange">Gets each command that would change something, which then "succeeds" without output. Null: such a command is an
/// error.</param>
public sealed class PlanningFrontend(IFrontend inner, Action<IFrontend, CommandRequest>? onChange = null) : IFrontend
{
    public string Site => inner.Site;
    public string Name => inner.Name;

    /// <inheritdoc/>
    /// <exception cref="G5kException"><c>ChangeNotAllowed</c>.</exception>
    public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default)
    {
        if (request.Effect == CommandEffect.Read) return inner.RunAsync(request, onLine, cancellationToken);
        if (onChange is null) throw NotAllowed(request.ToString(), request.Program);
        onChange(inner, request);
        return Task.FromResult(new CommandResult(Name, request, 0, "", "", TimeSpan.Zero));
    }

    /// <inheritdoc/>
    /// <exception cref="G5kException"><c>ChangeNotAllowed</c>.</exception>
    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        throw NotAllowed(FormattableString.Invariant($"connect {host}:{port}"), host);

    G5kException NotAllowed(string what, string target) => new("ChangeNotAllowed", ErrorKind.InvalidOperation,
        $"Nothing is changed while planning: {Name}: {what}", target, "Run it without -WhatIf.");
}
