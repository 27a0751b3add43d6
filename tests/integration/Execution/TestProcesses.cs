using System.Diagnostics;
using System.Globalization;

namespace WaltG5k.IntegrationTests.Execution;

/// <summary>What runs on this machine, as seen by tests that are every node themselves.</summary>
static class TestProcesses
{
    static int s_last;

    /// <summary>A number of seconds that no other test sleeps for.</summary>
    public static string NewMarker() => string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessId % 1000 + 5000}.{Interlocked.Increment(ref s_last):000}");

    public static int Count(string word) => Directory.EnumerateDirectories("/proc").Count(folder =>
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(folder)[0]) && File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0').Contains(word);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    public static async Task<bool> BecomesAsync(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(20)) return false;
            await Task.Delay(20);
        }
        return true;
    }
}
