using WaltG5k.Core;

namespace WaltG5k.Commands;

/// <summary>The words that resume a deployment in another process, once its id is added: what the main OAR job of an unattended one runs.</summary>
internal static class ResumeCommandLine
{
    static readonly string[] s_resume = ["Resume-WaltDeployment", "-Unattended", "-Wait", "-Deployment"];

    /// <param name="connectArguments">What connects that process to the same grid.</param>
    /// <param name="program">The words that start PowerShell, or the bundled host; null: those of the process that runs this.</param>
    public static IReadOnlyList<string> Build(IReadOnlyList<string> connectArguments, IReadOnlyList<string>? program = null)
    {
        program ??= GetProgram(System.Environment.ProcessPath, System.Environment.GetCommandLineArgs()[0]);
        string connect = $"Connect-G5k {string.Join(' ', connectArguments.Select(Quote))}".TrimEnd();
        if (!IsNamed(program[^1], "pwsh")) return ["env", $"WALTG5K_CONNECT={connect}", .. program, .. s_resume];
        string module = Path.Combine(Path.GetDirectoryName(typeof(ResumeCommandLine).Assembly.Location) ?? ".", "WaltG5k.psd1");
        string script = $"$ErrorActionPreference = 'Stop'; Import-Module {Quote(module)}; {connect} | Out-Null; {string.Join(' ', s_resume)}";
        // pwsh joins what follows -Command: the id becomes the last argument of the last command.
        return [.. program, "-NoProfile", "-NonInteractive", "-Command", script];
    }

    /// <summary>The words that start a process like one: a PowerShell that is a tool of .NET runs as <c>dotnet …/pwsh.dll</c>.</summary>
    /// <param name="process">The path of its executable.</param>
    /// <param name="assembly">What it runs.</param>
    public static IReadOnlyList<string> GetProgram(string? process, string assembly) =>
        process is null ? throw NoProgram() : IsNamed(process, "dotnet") ? [process, Path.GetFullPath(assembly)] : [process];

    static bool IsNamed(string path, string name) => Path.GetFileNameWithoutExtension(path).Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>A word for PowerShell's parser: parameter names as they are, values in single quotes.</summary>
    static string Quote(string word) =>
        word.StartsWith('-') && word.Skip(1).All(char.IsAsciiLetter) ? word : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";

    static G5kException NoProgram() => new("ProgramUnknown", ErrorKind.InvalidOperation,
        "The path of this program is not known, so no job can start it.", null, "Deploy without -Unattended.");
}
