using System.Text.Json;

namespace WaltG5k.Core.VirtualMachines.Disks;

/// <summary>What <c>qemu-img info --output=json</c> says of an image.</summary>
public sealed record DiskImageInfo
{
    public required string Name { get; init; }
    /// <summary>QEMU's name of the format: qcow2, raw, vmdk, …</summary>
    public required string Format { get; init; }
    /// <summary>In bytes: what a guest sees.</summary>
    public required long VirtualSize { get; init; }
    /// <summary>In bytes: what it takes of the disk that it is on; 0 where that is not known.</summary>
    public long ActualSize { get; init; }
    /// <summary>The image that it lies over, in full where qemu-img could tell.</summary>
    public string? BackingFile { get; init; }
    public string? BackingFormat { get; init; }

    /// <summary>Reads the answer for one image; of a whole chain (<c>--backing-chain</c>) the first is the image itself.</summary>
    /// <exception cref="FormatException">It is not such an answer.</exception>
    public static IReadOnlyList<DiskImageInfo> Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            // Start-up files of a login may print before it.
            using JsonDocument document = JsonDocument.Parse(json[Math.Max(0, json.AsSpan().IndexOfAny('{', '['))..]);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray().Select(Read)] : [Read(root)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("This is not what qemu-img info --output=json prints.", e);
        }
    }

    static DiskImageInfo Read(JsonElement image) => new()
    {
        Name = image.GetProperty("filename").GetString() ?? "",
        Format = image.GetProperty("format").GetString() ?? "",
        VirtualSize = image.GetProperty("virtual-size").GetInt64(),
        ActualSize = image.TryGetProperty("actual-size", out JsonElement actual) ? actual.GetInt64() : 0,
        BackingFile = Text(image, "full-backing-filename") ?? Text(image, "backing-filename"),
        BackingFormat = Text(image, "backing-filename-format"),
    };

    static string? Text(JsonElement image, string name) => image.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    public override string ToString() => FormattableString.Invariant($"{Name} ({Format}, {VirtualSize / (double)(1L << 30):0.##} GiB)");
}
