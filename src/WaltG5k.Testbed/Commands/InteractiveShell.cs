using WaltG5k.Core.Frontends;

namespace WaltG5k.Testbed.Commands;

/// <summary>A login shell on a terminal, with bash's usual prompt.</summary>
internal static class InteractiveShell
{
    /// <returns>The status of the shell, or null: it was cut off by <paramref name="hangUp"/>.</returns>
    public static async Task<int?> RunAsync(CommandContext context, ITerminal terminal, CancellationToken hangUp)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(hangUp, context.Interrupted);
        CommandContext inner = context with
        {
            Input = "", Interrupted = cut.Token,
            WriteText = terminal.Write, WriteLine = line => terminal.Write(line + "\n"), WriteErrorLine = line => terminal.Write(line + "\n"),
        };
        var shell = new FrontendShell(inner);
        string host = (inner.Environment.GetValueOrDefault(FrontendPrograms.HostVariable) ?? $"f{inner.Site}").Split('.')[0];
        string home = $"/home/{inner.User}";
        try
        {
            while (!shell.HasExited)
            {
                string place = shell.WorkingDirectory ?? home;
                string shown = place == home ? "~" : place.StartsWith(home + "/", StringComparison.Ordinal) ? "~" + place[home.Length..] : place;
                string? line = await terminal.ReadLineAsync($"{inner.User}@{host}:{shown}$ ", cut.Token).ConfigureAwait(false);
                if (line is null) break;
                await shell.RunAsync(line).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            context.Interrupted.ThrowIfCancellationRequested();
            return null;
        }
        terminal.Write("logout\n");
        return shell.Status;
    }
}
