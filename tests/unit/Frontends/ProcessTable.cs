using System.Diagnostics;
using System.Globalization;

namespace WaltG5k.Tests.Frontends;

/// <summary>The processes of this machine, found by a word that only the test uses.</summary>
static class ProcessTable
{
    static int s_last;

    /// <summary>A number of seconds that no other test sleeps for.</summary>
    public static string NewMarker() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId % 1000 + 3000}.{Interlocked.Increment(ref s_last):000}");

    public static bool Has(string marker) =>
        Directory.EnumerateDirectories("/proc").Any(folder => ReadCommandLine(folder).Split('\0').Any(w => w == marker));

    public static async Task WaitForAsync(string marker) =>
        Assert.True(await BecomesAsync(() => Has(marker)), $"No process has the argument {marker}.");

    public static async Task WaitForEndAsync(string marker) =>
        Assert.True(await BecomesAsync(() => !Has(marker)), $"A process with the argument {marker} is left.");

    static async Task<bool> BecomesAsync(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(10)) return false;
            await Task.Delay(20);
        }
        return true;
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
