using System.Text.Json;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>What a disk image of the testbed holds. As a file it is a line that tells its format, and JSON: nothing of it is a real image.</summary>
internal sealed record QemuImage
{
    const string Mark = "testbed-image ";

    /// <summary>raw, qcow2.</summary>
    public string Format { get; init; } = "raw";
    /// <summary>In bytes.</summary>
    public long VirtualSize { get; init; }
    /// <summary>In bytes: how much of it was ever written.</summary>
    public long ActualSize { get; init; } = 196 << 10;
    /// <summary>The image under this one, as it was named when this one was made.</summary>
    public string? BackingFile { get; init; }
    public string? BackingFormat { get; init; }
    /// <summary>The system that boots from it, such as <c>debian12</c>; empty: none, or that of the image under it.</summary>
    public string System { get; init; } = "";
    /// <summary>What a guest has written on it, by absolute path.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Any other file is an image of the format raw, as it is for QEMU.</summary>
    public static QemuImage Read(string content)
    {
        if (content.StartsWith(Mark, StringComparison.Ordinal) && JsonSerializer.Deserialize<QemuImage>(content.AsSpan(Mark.Length)) is { } image)
            return image;
        const int sector = 512;
        long size = Ssh.NodeBytes.FromText(content).Length;
        return new QemuImage { VirtualSize = (size + sector - 1) / sector * sector, ActualSize = size };
    }

    public static bool Is(string content) => content.StartsWith(Mark, StringComparison.Ordinal);

    public string Write() => Mark + JsonSerializer.Serialize(this);
}
