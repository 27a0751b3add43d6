using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace WaltG5k.Internal;

/// <summary>The column logic of the views of the lab.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1707", Justification = "The leading underscore keeps it out of the way of users.")]
public static class _LabFormat
{
    const double BytesPerMebibyte = 1 << 20;

    /// <summary>Bytes as MiB: <c>15.6 MiB</c>.</summary>
    [Hidden]
    public static string Size(object? value) =>
        Unwrap(value) is long bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / BytesPerMebibyte:0.0} MiB") : "";

    /// <summary>How many, nothing for none.</summary>
    [Hidden]
    public static string Count(object? value) =>
        Unwrap(value) is System.Collections.ICollection { Count: > 0 } items ? items.Count.ToString(CultureInfo.InvariantCulture) : "";

    static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
