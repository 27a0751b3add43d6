using System.ComponentModel;
using System.Management.Automation;

namespace WaltG5k.Internal;

/// <summary>The column logic of the views of Kadeploy.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1707", Justification = "The leading underscore keeps it out of the way of users.")]
public static class _KadeployFormat
{
    /// <summary>How a node stands, in the colour of what it means.</summary>
    [Hidden]
    public static string Status(object? value)
    {
        string text = $"{Unwrap(value)}";
        return text switch
        {
            "Ok" => $"\e[32m{text}\e[0m",
            "Failed" or "TimedOut" or "Lost" or "Refused" or "Aborted" => $"\e[31m{text}\e[0m",
            "" => "",
            _ => $"\e[33m{text}\e[0m",
        };
    }

    /// <summary>Where a node failed or stands still, why, and who takes its place; on one line.</summary>
    [Hidden]
    public static string What(object? step, object? reason, object? replacedBy)
    {
        string text = string.Join(": ", new[] { $"{Unwrap(step)}", $"{Unwrap(reason)}".ReplaceLineEndings(" ") }.Where(t => t.Length > 0));
        return $"{Unwrap(replacedBy)}" is { Length: > 0 } spare ? $"{text} (replaced by {spare.Split('.')[0]})" : text;
    }

    /// <summary>Macro-steps and their times on one line.</summary>
    [Hidden]
    public static string Times(object? value) =>
        Unwrap(value) is System.Collections.IEnumerable items and not string ? string.Join(", ", items.Cast<object?>()) : "";

    static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
