using System.Diagnostics;
using System.Globalization;

namespace WaltG5k.IntegrationTests;

/// <summary>The processes of this machine, found by a word that only the test uses.</summary>
static class Processes
{
    static int s_last;

    /// <summary>A number of seconds that no other test sleeps for.</summary>
    public static string NewMarker() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId % 1000 + 5000}.{Interlocked.Increment(ref s_last):000}");

    /// <summary>Those with an argument that contains the text.</summary>
    public static IReadOnlyList<int> Find(string text) =>
        [.. Directory.EnumerateDirectories("/proc").Where(f => ReadCommandLine(f).Contains(text, StringComparison.Ordinal))
        .Select(f => int.Parse(Path.GetFileName(f), CultureInfo.InvariantCulture))];

    public static Task WaitForAsync(string text) => Eventually.HoldsAsync(() => Find(text).Count > 0, $"No process has an argument with {text}.");

    public static Task WaitForEndAsync(string text) =>
        Eventually.HoldsAsync(() => Find(text).Count == 0, $"A process whose arguments have {text} is left.");

    /// <summary>Runs a program to its end.</summary>
    public static async Task<string> RunAsync(params string[] words)
    {
        using Process process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = true,
            RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{words[0]} ended with {process.ExitCode}: {await errors}");
        return output;
    }

    static string ReadCommandLine(string folder)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(folder)[0]) ? File.ReadAllText(Path.Combine(folder, "cmdline")) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
