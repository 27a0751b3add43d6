using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Core.Frontends;

/// <summary>This machine, being a site's front-end: commands are its processes.</summary>
/// <param name="site">The site it belongs to.</param>
/// <param name="time">For time limits and durations; the system's by default.</param>
public sealed class LocalFrontend(string site, TimeProvider? time = null) : IFrontend
{
    readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Site => site;
    public string Name => "f" + site;

    /// <inheritdoc/>
    public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default)
    {
        if (Programs.Find(request.Program, request.Environment.GetValueOrDefault("PATH"), out int status) is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string error = $"{request.Program}: {(status == Programs.NotFound ? "command not found" : "Permission denied")}";
            onLine?.Invoke(new OutputLine(error, true));
            return Task.FromResult(new CommandResult(Name, request, status, "", error + "\n", TimeSpan.Zero));
        }
        ProcessRun run = request.Terminal && Programs.Exists("script")
            ? new ProcessRun(Name, request, _time)
            {
                Words = ["script", "-qefc", "exec " + request, "/dev/null"],
                Interruption = Interruption.ControlC,
                Environment = new Dictionary<string, string> { ["SHELL"] = "/bin/sh" }, // whose quoting the line above has
            }
            : new ProcessRun(Name, request, _time);
        return run.RunAsync(onLine, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        TcpChannel.OpenAsync(host, port, _time, cancellationToken);

    /// <inheritdoc/>
    public Task<IRunningProgram?> StartAsync(CommandRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IRunningProgram?>(new LocalProgram(Name, request, _time));
    }

    /// <inheritdoc/>
    public Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default) =>
        TerminalRun.RunAsync(request.Program, request.Arguments, request.Environment, _time, cancellationToken);
}
