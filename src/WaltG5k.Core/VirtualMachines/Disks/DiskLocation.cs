using System.Text.RegularExpressions;

namespace WaltG5k.Core.VirtualMachines.Disks;

/// <summary>Where an image or a disk is: a file, or an image in Ceph.</summary>
public abstract partial record DiskLocation
{
    /// <summary>As QEMU's programs take it for a name.</summary>
    public abstract string QemuName { get; }

    /// <param name="text">A path, or <c>rbd:POOL/NAME[@SNAPSHOT][:id=USER][:conf=FILE]</c>.</param>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static DiskLocation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (!text.StartsWith("rbd:", StringComparison.Ordinal))
            return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
                ? new FileLocation(text)
                : throw new FormatException("An image is a path, or rbd:POOL/NAME.");
        Match match = Rbd().Match(text);
        if (!match.Success) throw new FormatException($"'{text}' is not of the form rbd:POOL/NAME[@SNAPSHOT][:id=USER][:conf=FILE].");
        string? Take(string name) => match.Groups[name] is { Success: true } group ? group.Value : null;
        return new RbdLocation(match.Groups["pool"].Value, match.Groups["name"].Value) { Snapshot = Take("snapshot"), User = Take("user"),
            Configuration = Take("conf") };
    }

    public sealed override string ToString() => QemuName;

    [GeneratedRegex(@"^rbd:(?<pool>[\w.-]+)/(?<name>[\w./-]+)(@(?<snapshot>[\w.-]+))?(:id=(?<user>[\w.-]+))?(:conf=(?<conf>[^:]+))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Rbd();
}

/// <summary>A file.</summary>
/// <param name="Path">On the machine where QEMU runs; absolute once it is used.</param>
public sealed record FileLocation(string Path) : DiskLocation
{
    /// <summary>A relative name with a colon would be taken for a protocol.</summary>
    public override string QemuName => Path.StartsWith('/') ? Path : "./" + Path;
}

/// <summary>An image of a Ceph pool (RADOS block device).</summary>
public sealed record RbdLocation(string Pool, string Name) : DiskLocation
{
    public string? Snapshot { get; init; }
    /// <summary>Ceph's user, without <c>client.</c>: on Grid'5000 the login. Null: the configuration's.</summary>
    public string? User { get; init; }
    /// <summary>Path of a ceph.conf. Null: Ceph's default.</summary>
    public string? Configuration { get; init; }

    /// <summary><c>POOL/NAME</c>, with the snapshot where there is one.</summary>
    public string Spec => Snapshot is null ? $"{Pool}/{Name}" : $"{Pool}/{Name}@{Snapshot}";

    public override string QemuName => $"rbd:{Spec}{(User is null ? "" : ":id=" + User)}{(Configuration is null ? "" : ":conf=" + Configuration)}";

    /// <summary>The options of the program <c>rbd</c> that say the same.</summary>
    internal IEnumerable<string> Options =>
        [.. Configuration is null ? (string[])[] : ["--conf", Configuration], .. User is null ? (string[])[] : ["--id", User]];
}
