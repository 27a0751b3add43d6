using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace WaltG5k.Internal;

/// <summary>The column logic of the views of Kadeploy's steps, statistics and operations.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1707", Justification = "The leading underscore keeps it out of the way of users.")]
public static class _KadeployRecordFormat
{
    const int BarWidth = 24;
    // A bar has that many seconds in each of its characters.
    const double BarSeconds = 15;

    /// <summary>Whole seconds: <c>62 s</c>; nothing when it is not known.</summary>
    [Hidden]
    public static string Seconds(object? value) =>
        Unwrap(value) is TimeSpan time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s") : "";

    /// <summary>A macro-step, or a micro-step beneath it.</summary>
    [Hidden]
    public static string Name(object? macroStep, object? microStep) =>
        $"{Unwrap(microStep)}" is { Length: > 0 } micro ? $"  {micro}" : $"{Unwrap(macroStep)}";

    /// <summary>
    /// Where a step lies in its operation: one character is a quarter of a minute; a longer operation wraps around the bar's end with an arrow.
    /// </summary>
    [Hidden]
    public static string Bar(object? start, object? duration)
    {
        if (Unwrap(start) is not TimeSpan begin) return "";
        double seconds = Unwrap(duration) is TimeSpan time ? time.TotalSeconds : 0;
        int first = (int)(begin.TotalSeconds / BarSeconds);
        if (first >= BarWidth) return new string(' ', BarWidth - 1) + ">";
        int length = Math.Max(1, (int)Math.Round(seconds / BarSeconds));
        return new string(' ', first) + new string('#', Math.Min(length, BarWidth - first));
    }

    /// <summary>How many nodes, and how many of them failed.</summary>
    [Hidden]
    public static string Nodes(object? count, object? failed)
    {
        int bad = Unwrap(failed) is System.Collections.IEnumerable items and not string ? items.Cast<object?>().Count() : 0;
        return bad == 0 ? $"{Unwrap(count)}" : string.Create(CultureInfo.InvariantCulture, $"{Unwrap(count)} (-{bad})");
    }

    /// <summary>How many nodes are well, failed, and worked on.</summary>
    [Hidden]
    public static string Counts(object? ok, object? ko, object? processing) =>
        string.Create(CultureInfo.InvariantCulture, $"{Count(ok)}/{Count(ko)}/{Count(processing)}");

    /// <summary>A node set in its short form, also when it came from another process.</summary>
    [Hidden]
    public static string Set(object? value) => Unwrap(value) is System.Collections.IEnumerable items and not string
        ? Parameters.NodeNames.Fold(items.Cast<object?>().Select(i => $"{Unwrap(i)}"))
        : "";

    /// <summary>A node without its domain.</summary>
    [Hidden]
    public static string HostName(object? node) => $"{Unwrap(node)}".Split('.')[0];

    /// <summary>The first line of an error.</summary>
    [Hidden]
    public static string FirstLine(object? value) => $"{Unwrap(value)}".Split('\n')[0].TrimEnd();

    static int Count(object? value) => Unwrap(value) is System.Collections.IEnumerable items and not string ? items.Cast<object?>().Count() : 0;

    static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
