using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Commands;

/// <summary>What a user wants to run on nodes, as a command for them.</summary>
internal static class NodeScripts
{
    /// <summary>A text for the shell, a program with its words, or a script of this machine with its arguments.</summary>
    /// <exception cref="Core.G5kException"><c>NodeScriptNotFound</c>.</exception>
    public static async Task<NodeCommand> MakeAsync(IReadOnlyList<string> command, string? scriptPath, IReadOnlyList<string> arguments,
        CancellationToken cancellationToken)
    {
        if (scriptPath is null) return command.Count == 1 ? NodeCommand.Script(command[0]) : NodeCommand.Program(command);
        string text;
        try { text = await File.ReadAllTextAsync(scriptPath, cancellationToken).ConfigureAwait(false); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { throw Failures.NodeScriptNotFound(scriptPath); }
        return FromScript(text.ReplaceLineEndings("\n"), Path.GetFileName(scriptPath), arguments);
    }

    static NodeCommand FromScript(string text, string name, IReadOnlyList<string> arguments)
    {
        string first = text.Split('\n')[0].Trim();
        string interpreter = first.StartsWith("#!", StringComparison.Ordinal) ? first[2..].Trim() : "/bin/sh";
        string shell = interpreter.Split('/', ' ')[^1];
        if (shell is "sh" or "bash" or "dash") return NodeCommand.Program([shell, "-c", text, name, .. arguments]);
        // Any other language: as a file, which is gone when it ends.
        string words = arguments.Count > 0 ? " " + PosixShell.Join(arguments) : "";
        return NodeCommand.Script(
            $"f=$(mktemp) || exit; trap 'rm -f \"$f\"' EXIT; printf %s {PosixShell.Quote(text)} >\"$f\" && chmod 700 \"$f\" && \"$f\"{words}");
    }
}
