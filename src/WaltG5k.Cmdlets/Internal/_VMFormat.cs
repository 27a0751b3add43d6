using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Internal;

/// <summary>The column logic of the views of virtual machines.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1707", Justification = "The leading underscore keeps it out of the way of users.")]
public static class _VMFormat
{
    const double MebibytesPerGibibyte = 1024;

    /// <summary>MiB as people say them: <c>512 MiB</c>, <c>4 GiB</c>, <c>94.5 GiB</c>; nothing for what is not known.</summary>
    [Hidden]
    public static string Memory(object? value)
    {
        if (Unwrap(value) is not (int or long)) return "";
        long mebibytes = Convert.ToInt64(Unwrap(value), CultureInfo.InvariantCulture);
        return mebibytes switch
        {
            0 => "",
            < (long)MebibytesPerGibibyte => string.Create(CultureInfo.InvariantCulture, $"{mebibytes} MiB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{mebibytes / MebibytesPerGibibyte:0.#} GiB"),
        };
    }

    /// <summary>The size of a disk.</summary>
    [Hidden]
    public static string Disk(object? value)
    {
        if (value is null) return "";
        object? size = Unwrap(PSObject.AsPSObject(value).Properties["Size"]?.Value);
        return size is int gibibytes ? gibibytes == 0 ? "of image" : string.Create(CultureInfo.InvariantCulture, $"{gibibytes} GiB") : "";
    }

    /// <summary>Names of machines folded, short enough for a column.</summary>
    [Hidden]
    public static string Machines(object? value) => Unwrap(value) is System.Collections.IEnumerable items and not string
        ? Parameters.NodeNames.Fold(items.Cast<object?>().Select(i => $"{i}"))
        : "";

    /// <summary>An address without what the site's name says already: <c>gros-12:22345</c>.</summary>
    [Hidden]
    public static string Address(object? value) =>
        $"{Unwrap(value)}" is { Length: > 0 } text && !char.IsAsciiDigit(text[0]) && text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
        ? text[..dot] + text[text.LastIndexOf(':')..] : $"{Unwrap(value)}";

    /// <summary>Ports of a guest and those of its node: <c>22 = 20345, 80 = 20346</c>.</summary>
    [Hidden]
    public static string Ports(object? value) => Unwrap(value) is IReadOnlyDictionary<int, int> ports
        ? string.Join(", ", ports.OrderBy(p => p.Key).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key} = {p.Value}")))
        : "";

    /// <summary>Hosts with their machines, one a line.</summary>
    [Hidden]
    public static string Hosts(object? value) => Unwrap(value) is System.Collections.IEnumerable items and not string
        ? string.Join(Environment.NewLine, items.Cast<object?>()
        .Select(i => Unwrap(i) is VMHost host ? $"{host.ShortName}: {Machines(host.Machines)}" : $"{i}"))
        : "";

    /// <summary>The state, in the colour of what it means; nothing before there is one.</summary>
    [Hidden]
    public static string State(object? value) => $"{Unwrap(value)}" is "Undeployed" or "" ? "" : _Format.State(value);

    /// <summary>What a deployment is doing, or how its program ended.</summary>
    [Hidden]
    public static string Step(object? step, object? programStatus) => $"{Unwrap(step)}" is { Length: > 0 } text ? text
        : Unwrap(programStatus) is int status ? string.Create(CultureInfo.InvariantCulture, $"program ended with {status}") : "";

    /// <summary><c>3 of 4</c>.</summary>
    [Hidden]
    public static string Part(object? some, object? all) => $"{Unwrap(some)} of {Unwrap(all)}";

    /// <summary><c>3 of 4 ready</c>.</summary>
    [Hidden]
    public static string Ready(object? some, object? all) => Part(some, all) + " ready";

    /// <summary>How many of a number are left.</summary>
    [Hidden]
    public static string Left(object? all, object? lost) =>
        Unwrap(all) is int count && Unwrap(lost) is int gone ? (count - gone).ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>How many there are.</summary>
    [Hidden]
    public static string Count(object? items) =>
        Unwrap(items) is System.Collections.ICollection list ? list.Count.ToString(CultureInfo.InvariantCulture) : "0";

    static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
