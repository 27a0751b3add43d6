using System.Globalization;

namespace WaltG5k.Bench;

/// <summary>What ssh clients and this process, which has started them, cost: as /proc tells.</summary>
/// <param name="word">A word of the command lines of those clients.</param>
sealed class ClientCost(string word)
{
    const double TicksPerSecond = 100;

    /// <summary>Seconds of processor time so far, of this process, its children that have ended, and clients that still run.</summary>
    public double ProcessorSeconds => Read("self", children: true) + Clients.Sum(c => Read(c, children: false));

    /// <summary>Megabytes: what clients have for themselves, and their share of what is shared.</summary>
    public double ClientMegabytes => Clients.Sum(ReadShare) / 1e3;

    /// <summary>Megabytes of this process.</summary>
    public static double OwnMegabytes
    {
        get
        {
            GC.Collect();
            return ReadShare("self") / 1e3;
        }
    }

    IEnumerable<string> Clients => Directory.EnumerateDirectories("/proc").Select(f => Path.GetFileName(f))
        .Where(n => char.IsAsciiDigit(n[0]) && IsClient(n));

    bool IsClient(string process) => TryRead(process, "cmdline") is { } line && line.StartsWith("ssh\0", StringComparison.Ordinal)
        && line.Contains(word, StringComparison.Ordinal);

    static double Read(string process, bool children)
    {
        if (TryRead(process, "stat") is not { } stat) return 0;
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Skip(11).Take(children ? 4 : 2).Sum(f => double.Parse(f, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    static double ReadShare(string process) =>
        TryRead(process, "smaps_rollup")?.Split('\n').FirstOrDefault(l => l.StartsWith("Pss:", StringComparison.Ordinal)) is { } line
        ? double.Parse(line.AsSpan(4, line.Length - 6), CultureInfo.InvariantCulture) : 0;

    static string? TryRead(string process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended
        }
    }
}
