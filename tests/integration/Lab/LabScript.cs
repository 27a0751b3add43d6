using System.Diagnostics;
using System.Reflection;

namespace WaltG5k.IntegrationTests.Lab;

/// <summary>Runs <c>lab.sh</c>.</summary>
static class LabScript
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    static readonly string s_path = Path.Combine(
        typeof(LabScript).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!,
        "tests", "integration", "Lab", "lab.sh");

    /// <summary>What it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another status than 0; the message is what it printed on standard error.</exception>
    public static async Task<string> RunAsync(params string[] words)
    {
        (int status, string output, string error) = await TryAsync(words);
        return status == 0 ? output : throw new InvalidOperationException(
            $"lab.sh {string.Join(' ', words)} ended with status {status}: {error.Trim()}");
    }

    public static async Task<(int Status, string Output, string Error)> TryAsync(params string[] words)
    {
        var info = new ProcessStartInfo("bash", [s_path, .. words]) { RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(s_limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token), error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}
