using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace WaltG5k.Internal;

/// <summary>The column logic of the views of WalT's nodes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1707", Justification = "The leading underscore keeps it out of the way of users.")]
public static class _WaltFormat
{
    /// <summary>How a command ended, in the colour of what it means.</summary>
    [Hidden]
    public static string State(object? value)
    {
        string text = $"{Unwrap(value)}";
        return text is "Succeeded" ? $"\e[32m{text}\e[0m" : text is "Skipped" or "Cancelled" ? $"\e[33m{text}\e[0m" : $"\e[31m{text}\e[0m";
    }

    /// <summary>The first line of what a command printed, or else why it printed nothing; and how many lines more there are.</summary>
    [Hidden]
    public static string Output(object? output, object? error, object? reason)
    {
        string[] lines = Whole(output, error, reason).Split('\n');
        return lines.Length < 2 ? lines[0] : string.Create(CultureInfo.InvariantCulture, $"{lines[0]} (+{lines.Length - 1})");
    }

    /// <summary>All of it, without the empty line at its end.</summary>
    [Hidden]
    public static string Whole(object? output) => $"{Unwrap(output)}".TrimEnd('\r', '\n');

    /// <summary>What a command printed, or else why it did not.</summary>
    [Hidden]
    public static string Whole(object? output, object? error, object? reason) =>
        Whole(output) is { Length: > 0 } printed ? printed : Whole(error) is { Length: > 0 } said ? said : $"{Unwrap(reason)}";

    static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
