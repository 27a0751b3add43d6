using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace WaltG5k.Host.Terminal;

/// <summary>A progress record on one line.</summary>
static class ProgressText
{
    const int BarWidth = 20;

    public static string Plain(ProgressRecord record)
    {
        var text = new StringBuilder(record.Activity);
        if (!string.IsNullOrEmpty(record.StatusDescription)) text.Append(": ").Append(record.StatusDescription);
        if (record.PercentComplete >= 0) text.Append(CultureInfo.InvariantCulture, $" ({record.PercentComplete} %)");
        return text.ToString();
    }

    /// <summary>With a bar and the time left, cut to <paramref name="width"/> characters.</summary>
    public static string Bar(ProgressRecord record, int width)
    {
        var text = new StringBuilder();
        if (record.PercentComplete >= 0)
        {
            int done = record.PercentComplete * BarWidth / 100;
            text.Append('[').Append('#', done).Append('.', BarWidth - done).Append(CultureInfo.InvariantCulture, $"] {record.PercentComplete,3} % ");
        }
        text.Append(record.Activity);
        if (!string.IsNullOrEmpty(record.StatusDescription)) text.Append(": ").Append(record.StatusDescription);
        if (record.SecondsRemaining >= 0) text.Append(", ").Append(Left(TimeSpan.FromSeconds(record.SecondsRemaining)));
        return text.Length < width ? text.ToString() : text.ToString(0, Math.Max(1, width - 2)) + "…";
    }

    static string Left(TimeSpan time) =>
        time.TotalMinutes < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Seconds} s left")
        : time.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s left")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min left");
}
