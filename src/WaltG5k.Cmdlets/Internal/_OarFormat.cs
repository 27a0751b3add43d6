using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace WaltG5k.Internal;

/// <summary>The column logic of the views of OAR's objects.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1707", Justification = "The leading underscore keeps it out of the way of users.")]
public static class _OarFormat
{
    /// <summary>When a job started; with a mark when that is only expected.</summary>
    [Hidden]
    public static string Start(object? started, object? predicted) => Date(predicted) is { Length: > 0 } expected ? $"~{expected}" : Date(started);

    /// <summary>The first date that there is, to the minute.</summary>
    [Hidden]
    public static string Date(object? value, object? otherwise) => Date(value) is { Length: > 0 } text ? text : Date(otherwise);

    /// <summary>Nodes folded, without their domains, which are those of the site.</summary>
    [Hidden]
    public static string Nodes(object? value) => Unwrap(value) is System.Collections.IEnumerable items and not string
        ? Parameters.NodeNames.Fold(items.Cast<object?>().Select(i => $"{Unwrap(i)}".Split('.')[0]))
        : "";

    /// <summary>Why a job waits, or why it is no longer there.</summary>
    [Hidden]
    public static string Why(object? waitReason, object? end, object? exitStatus, object? exitSignal)
    {
        if ($"{Unwrap(waitReason)}" is { Length: > 0 } reason) return reason;
        string text = $"{Unwrap(end)}";
        if (text is "None" or "") return "";
        if ($"{Unwrap(exitSignal)}" is { Length: > 0 } signal) return $"signal {signal}";
        return text == "Completed" && $"{Unwrap(exitStatus)}" is { Length: > 0 } status ? $"exit {status}" : text;
    }

    /// <summary>A node that is switched off to save energy is absent, and yet there when it is needed.</summary>
    [Hidden]
    public static string ResourceState(object? state, object? isStandby) => Unwrap(isStandby) is true ? "Standby" : $"{Unwrap(state)}";

    /// <summary>Where a resource is: its host; a VLAN has a number instead.</summary>
    [Hidden]
    public static string Place(object? host, object? vlan) =>
        $"{Unwrap(host)}" is { Length: > 0 } name ? name : Unwrap(vlan) is { } number ? $"VLAN {number}" : "";

    /// <summary>Events, one a line.</summary>
    [Hidden]
    public static string Events(object? value) => Unwrap(value) is System.Collections.IEnumerable items and not string
        ? string.Join(Environment.NewLine, items.Cast<object?>().Select(ToLine))
        : "";

    /// <summary>A change with its sign; nothing when it is none.</summary>
    [Hidden]
    public static string Change(object? value) => Unwrap(value) is TimeSpan change && change != TimeSpan.Zero
        ? $"{(change > TimeSpan.Zero ? "+" : "-")}{_Format.Text(change.Duration())}"
        : "";

    static string ToLine(object? item)
    {
        if (item is null) return "";
        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(item).Properties;
        return $"{_Format.Date(properties["Date"]?.Value)} {properties["Type"]?.Value}: {properties["Description"]?.Value}";
    }

    static string Date(object? value) => Unwrap(value) is DateTimeOffset date
        ? date.ToLocalTime().ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)
        : "";

    static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
