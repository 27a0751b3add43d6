using System.Globalization;

namespace WaltG5k.Core.Oar;

/// <summary>Reads what <c>oarwalltime ID</c> prints: a line of title, then <c>  Label:  value</c>.</summary>
static class OarWalltimeReader
{
    public static OarWalltimeStatus Read(string site, long jobId, string output)
    {
        var status = new OarWalltimeStatus(site, jobId) { IsRunning = output.Contains("(job is running)", StringComparison.Ordinal) };
        foreach (string line in output.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !line.StartsWith("  ", StringComparison.Ordinal)) continue;
            // "(forced: …)" or "(will possibly delay next jobs)" may follow the value.
            string value = line[(colon + 1)..].Trim().Split(' ', 2)[0];
            status = line[..colon].Trim() switch
            {
                "Current walltime" or "Walltime" => status with { Walltime = ReadDuration(value) },
                "Possible increase" => status with { PossibleIncrease = value == "UNLIMITED"
                ? TimeSpan.MaxValue
                : ReadDuration(value) is { } t && t > TimeSpan.Zero ? t : null },
                "Already granted" or "Granted" => status with { Granted = ReadDuration(value) ?? TimeSpan.Zero },
                "Pending/unsatisfied" or "Unsatisfied" => status with { Pending = ReadDuration(value) ?? TimeSpan.Zero },
                _ => status,
            };
        }
        return status;
    }

    /// <summary><c>+24:0:0</c>, <c>-0:5:0</c>, <c>0:10:0</c>; hours and minutes alone are allowed too.</summary>
    internal static TimeSpan? ReadDuration(string text)
    {
        string[] parts = text.TrimStart('+', '-').Split(':');
        if (parts.Length > 3) return null;
        long seconds = 0;
        for (int i = 0; i < 3; i++)
        {
            int part = 0;
            if (i < parts.Length && !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out part)) return null;
            seconds = seconds * 60 + part;
        }
        return TimeSpan.FromSeconds(text.StartsWith('-') ? -seconds : seconds);
    }
}
