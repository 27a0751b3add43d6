using WaltG5k.Base;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Commands;

/// <summary>The person's editor: <c>VISUAL</c>, <c>EDITOR</c>, or one that most machines have.</summary>
internal static class ExternalEditor
{
    static readonly string[] s_usual = ["/usr/bin/editor", "/usr/bin/nano", "/usr/bin/vi"];

    /// <exception cref="Core.G5kException"><c>EditorMissing</c>, <c>EditorFailed</c>, <c>NoTerminal</c>.</exception>
    public static async Task RunAsync(G5kCmdlet cmdlet, string file, CancellationToken cancellationToken)
    {
        string[] words = Find() ?? throw Failures.EditorMissing(file);
        HostTerminal terminal = await HostTerminal.OpenAsync(cmdlet).ConfigureAwait(false);
        int status = await new LocalFrontend("", cmdlet.Grid.Time)
            .RunInteractiveAsync(new CommandRequest([.. words, file]), terminal, cancellationToken).ConfigureAwait(false);
        if (status != 0) throw Failures.EditorFailed(words[0], status, file);
    }

    /// <summary>A variable may hold options too: <c>code --wait</c>.</summary>
    static string[]? Find()
    {
        foreach (string variable in (string[])["VISUAL", "EDITOR"])
        {
            if (Environment.GetEnvironmentVariable(variable)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words)
                return words;
        }
        return s_usual.FirstOrDefault(File.Exists) is { } usual ? [usual] : null;
    }
}
