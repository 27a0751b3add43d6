using WaltG5k.Core;

namespace WaltG5k.Commands;

/// <summary>The words that resume a deployment in another process, once its id is added: what the main OAR job of an unattended one runs.</summary>
internal static class ResumeCommandLine
{
    static readonly string[] s_resume = ["Resume-WaltDeployment", "-Unattended", "-Wait", "-Deployment"];

    /// <param name="connectArguments">What connects that process to the same grid.</param>
    /// <param name="program">PowerShell, or the bundled host; null: the one that runs this.</param>
    public static IReadOnlyList<string> Build(IReadOnlyList<string> connectArguments, string? program = null)
    {
        program ??= System.Environment.ProcessPath ?? throw NoProgram();
        string connect = $"Connect-G5k {string.Join(' ', connectArguments.Select(Quote))}".TrimEnd();
        if (!Path.GetFileNameWithoutExtension(program).Equals("pwsh", StringComparison.OrdinalIgnoreCase))
            return ["env", $"WALTG5K_CONNECT={connect}", program, .. s_resume];
        string module = Path.Combine(Path.GetDirectoryName(typeof(ResumeCommandLine).Assembly.Location) ?? ".", "WaltG5k.psd1");
        // pwsh joins what follows -Command: the id becomes the last argument of the last command.
        return [program, "-NoProfile", "-NonInteractive", "-Command", $"$ErrorActionPreference = 'Stop'; Import-Module {Quote(module)}; {connect} | Out-Null; {string.Join(' ', s_resume)}"];
    }

    /// <summary>A word for PowerShell's parser: parameter names as they are, values in single quotes.</summary>
    static string Quote(string word) => word.StartsWith('-') && word.Skip(1).All(char.IsAsciiLetter) ? word : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";

    static G5kException NoProgram() => new("ProgramUnknown", ErrorKind.InvalidOperation, "The path of this program is not known, so no job can start it.", null, "Deploy without -Unattended.");
}
