using System.Diagnostics;
using System.Text;

namespace WaltG5k.Tests.Walt;

/// <summary>The real Python.</summary>
static class Python
{
    /// <summary>Runs a script; gives the lines that it prints.</summary>
    /// <param name="lines">Its standard input.</param>
    public static async Task<string[]> RunAsync(string script, IEnumerable<string> lines)
    {
        using Process python = Process.Start(new ProcessStartInfo("python3")
        {
            ArgumentList = { "-c", script },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        })!;
        Task<string> output = python.StandardOutput.ReadToEndAsync();
        foreach (string line in lines) await python.StandardInput.WriteAsync(line + "\n");
        python.StandardInput.Close();
        string text = await output;
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        return text.Split('\n')[..^1];
    }
}
