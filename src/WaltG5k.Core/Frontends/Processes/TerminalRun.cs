using System.ComponentModel;
using System.Diagnostics;

namespace WaltG5k.Core.Frontends.Processes;

/// <summary>A process that gets the real terminal: it reads and writes there itself, and Ctrl-C is its own affair.</summary>
static class TerminalRun
{
    static readonly TimeSpan s_untilKill = TimeSpan.FromMilliseconds(800);

    /// <summary>Runs it to its end and gives the terminal back as it was.</summary>
    /// <param name="name">The program that the user asked for.</param>
    /// <returns>The exit status.</returns>
    /// <exception cref="G5kException"><c>NoTerminal</c>, <c>CommandNotStarted</c>.</exception>
    public static async Task<int> RunAsync(string name, IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!TerminalModes.IsTerminal)
        {
            throw new G5kException("NoTerminal", ErrorKind.InvalidOperation, $"'{name}' talks to a user, and there is no terminal here.", name,
                "Run it at a prompt, or use a command that needs none.");
        }
        using TerminalModes modes = TerminalModes.Save();
        using Process process = Start(name, words, environment);
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process, time).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs it at a far end, over ssh.</summary>
    /// <param name="ssh">ssh's words up to its destination.</param>
    /// <returns>The exit status; 255 may be that of ssh, whose reason then stands on the terminal.</returns>
    /// <exception cref="G5kException">Those of <see cref="RunAsync"/>.</exception>
    public static Task<int> RunRemoteAsync(IReadOnlyList<string> ssh, CommandRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        string[] command = ["env", .. request.Environment.Select(v => $"{v.Key}={v.Value}"), .. request.Arguments];
        return RunAsync(request.Program, [.. ssh, "exec " + PosixShell.Join(command)], new Dictionary<string, string>(), time, cancellationToken);
    }

    static Process Start(string name, IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment)
    {
        var info = new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false };
        foreach ((string key, string value) in environment) info.Environment[key] = value;
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new G5kException("CommandNotStarted", ErrorKind.ResourceUnavailable, $"'{name}' cannot be started: {e.Message}", name,
                $"Is it installed? Try: command -v {words[0]}", e);
        }
    }

    static async Task EndAsync(Process process, TimeProvider time)
    {
        Signals.Send(process.Id, Signals.Terminate);
        Task exit = process.WaitForExitAsync(CancellationToken.None);
        if (await Task.WhenAny(exit, Task.Delay(s_untilKill, time, CancellationToken.None)).ConfigureAwait(false) == exit) return;
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended in the meantime.
        }
    }
}
