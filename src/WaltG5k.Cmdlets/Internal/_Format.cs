using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace WaltG5k.Internal;

/// <summary>The column logic of the views. Takes what a view has at hand, objects that came back from another process included.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1707", Justification = "The leading underscore keeps it out of the way of users.")]
public static class _Format
{
    /// <summary>A duration as people say it: <c>19.8 s</c>, <c>4 min 52 s</c>, <c>1 h 05 min</c>.</summary>
    [Hidden]
    public static string Duration(object? value) => Unwrap(value) switch
    {
        TimeSpan duration => Text(duration),
        Core.Oar.Walltime walltime => Text(walltime.Duration),
        _ => "",
    };

    /// <summary>A duration, or nothing when it is zero: a step that did not take place.</summary>
    [Hidden]
    public static string Step(object? value) => Unwrap(value) is TimeSpan duration && duration > TimeSpan.Zero ? Text(duration) : "";

    /// <summary>Two steps taken together.</summary>
    [Hidden]
    public static string Step(object? first, object? second) =>
        Step((Unwrap(first) as TimeSpan? ?? default) + (Unwrap(second) as TimeSpan? ?? default));

    /// <summary>What is said first, unless it is empty.</summary>
    [Hidden]
    public static string First(object? value, object? otherwise) => $"{Unwrap(value)}" is { Length: > 0 } text ? text : $"{Unwrap(otherwise)}";

    /// <summary>A date in local time, without its year.</summary>
    [Hidden]
    public static string Date(object? value) => Unwrap(value) switch
    {
        DateTimeOffset date => date.ToLocalTime().ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateTime date => date.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary>A moment in local time, without its year, to the millisecond.</summary>
    [Hidden]
    public static string Moment(object? value) =>
        Unwrap(value) is DateTimeOffset date ? date.ToLocalTime().ToString("MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) : "";

    /// <summary>A device at its depth of a tree, behind the port that leads to it.</summary>
    [Hidden]
    public static string Branch(object? depth, object? port, object? name)
    {
        string indent = new(' ', Unwrap(depth) is int level and > 0 ? level * 2 : 0);
        return $"{indent}{($"{Unwrap(port)}" is { Length: > 0 } at ? $"{at}: " : "")}{Unwrap(name)}";
    }

    /// <summary>Settings on one line; those never set are left out.</summary>
    [Hidden]
    public static string Settings(object? value) => Unwrap(value) switch
    {
        System.Collections.IDictionary pairs =>
            string.Join(", ", pairs.Keys.Cast<object>().Where(k => $"{pairs[k]}".Length > 0).Select(k => $"{k}={pairs[k]}")
            .Order(StringComparer.Ordinal)),
        IEnumerable<KeyValuePair<string, string>> pairs =>
            string.Join(", ", pairs.Where(p => p.Value.Length > 0).Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal)),
        _ => "",
    };

    /// <summary>A list on one line.</summary>
    [Hidden]
    public static string List(object? value) => Unwrap(value) switch
    {
        null => "",
        string text => text,
        IReadOnlyDictionary<string, string> pairs => string.Join(", ", pairs.Select(p => $"{p.Key}={p.Value}")),
        System.Collections.IDictionary pairs => string.Join(", ", pairs.Keys.Cast<object>().Select(k => $"{k}={pairs[k]}")),
        IEnumerable<KeyValuePair<string, int>> pairs =>
            string.Join(", ", pairs.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value}"))),
        System.Collections.IEnumerable items => string.Join(", ", items.Cast<object?>().Select(i => $"{Unwrap(i)}")),
        var other => $"{other}",
    };

    /// <summary>What each site gives to a slot: <c>nancy: gros=3, server gros-12, vlan 14</c>.</summary>
    [Hidden]
    public static string Shares(object? value) => Unwrap(value) is System.Collections.IEnumerable items and not string
        ? string.Join("; ", items.Cast<object?>().Select(i => Unwrap(i) is Core.Reservations.Planning.SlotShare share ? Text(share) : $"{Unwrap(i)}"))
        : "";

    static string Text(Core.Reservations.Planning.SlotShare share)
    {
        string[] parts =
        [
            .. share.Clusters.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}={c.Value}")),
            .. share.ServerNode is { } server ? new[] { $"server {Short(server)}" } : [],
            .. share.Vlans.Select(v => string.Create(CultureInfo.InvariantCulture, $"vlan {v}")),
            .. share.Subnets,
            .. share.StandbyCount > 0 ? new[] { string.Create(CultureInfo.InvariantCulture, $"{share.StandbyCount} in standby") } : [],
        ];
        return $"{share.Site}: {string.Join(", ", parts)}";
    }

    /// <summary>Node names folded to sets: <c>gros-[1-4].nancy</c>.</summary>
    [Hidden]
    public static string Nodes(object? value) => Unwrap(value) is System.Collections.IEnumerable items and not string
        ? Parameters.NodeNames.Fold(items.Cast<object?>().Select(i => $"{Unwrap(i)}"))
        : "";

    /// <summary>A host name without its domain.</summary>
    [Hidden]
    public static string Short(object? value) => $"{Unwrap(value)}".Split('.')[0];

    /// <summary>A mark for yes, nothing for no.</summary>
    [Hidden]
    public static string Mark(object? value) => Unwrap(value) is true ? "✓" : "";

    /// <summary>The size of a file.</summary>
    [Hidden]
    public static string Bytes(object? value) => Unwrap(value) is not long bytes ? "" : bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    /// <summary>Bytes in GiB.</summary>
    [Hidden]
    public static string Gibibytes(object? value) =>
        Unwrap(value) is long bytes and > 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0} GiB") : "";

    /// <summary>Part of a whole: <c>12/20</c>.</summary>
    [Hidden]
    public static string Ratio(object? part, object? whole) => string.Create(CultureInfo.InvariantCulture, $"{Unwrap(part)}/{Unwrap(whole)}");

    /// <summary>A word in the colour of what it means: good, under way, bad.</summary>
    [Hidden]
    public static string State(object? value)
    {
        string text = $"{Unwrap(value)}";
        string colour = text switch
        {
            "Ready" or "Running" or "Done" or "Booted" or "Passed" => "\e[32m",
            "Failed" or "Error" or "Interrupted" => "\e[31m",
            "Waiting" or "Pending" or "Partial" or "Releasing" or "Warning" => "\e[33m",
            _ => "",
        };
        return colour.Length == 0 ? text : $"{colour}{text}\e[0m";
    }

    internal static string Text(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero) return $"-{Text(duration.Negate())}";
        if (duration < TimeSpan.FromSeconds(59.95)) return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s");
        long seconds = (long)Math.Round(duration.TotalSeconds);
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min {seconds % 60:00} s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h {seconds % 3600 / 60:00} min");
    }

    static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
