using System.Globalization;

namespace WaltG5k.Tests;

/// <summary>
/// A recorded run of a program: the line <c>$ command</c>, standard output, <c>exit code: N</c>, and after <c>--- stderr:</c> standard error.
/// </summary>
sealed record RecordedCommand(string Output, string Error, int ExitStatus)
{
    public static RecordedCommand Read(string path)
    {
        string text = Samples.Read(path).ReplaceLineEndings("\n");
        text = text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        int exit = text.StartsWith("exit code: ", StringComparison.Ordinal) ? 0 : text.LastIndexOf("\nexit code: ", StringComparison.Ordinal) + 1;
        string[] tail = text[exit..].Split('\n', 2);
        string error = tail[1].StartsWith("--- stderr:\n", StringComparison.Ordinal) ? tail[1]["--- stderr:\n".Length..] : "";
        return new RecordedCommand(text[..exit], error, int.Parse(tail[0]["exit code: ".Length..], CultureInfo.InvariantCulture));
    }
}
