using System.Globalization;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>What a run of qemu-img printed and how it ended, and how long it works.</summary>
internal sealed record QemuImagesAnswer(int Status, string Output, string Error)
{
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(0.05);
}

/// <summary>
/// qemu-img 7.2: its subcommands create, convert, resize, info and check, its messages and statuses, over the files of one machine.
/// </summary>
internal static partial class QemuImages
{
    /// <summary>How fast data is copied, in bytes each second.</summary>
    const long CopySpeed = 400L << 20;

    public static QemuImagesAnswer Run(IDiskFiles files, IReadOnlyList<string> arguments) => arguments.ToArray() switch
    {
        ["create", .. var rest] => Create(files, QemuImagesOptions.Parse(rest)),
        ["convert", .. var rest] => Convert(files, QemuImagesOptions.Parse(rest)),
        ["resize", .. var rest] => Resize(files, QemuImagesOptions.Parse(rest)),
        ["info", .. var rest] => Info(files, QemuImagesOptions.Parse(rest)),
        ["check", .. var rest] => Check(files, QemuImagesOptions.Parse(rest)),
        [var other, ..] => Fail($"Command not found: {other}\nTry 'qemu-img --help' for more information"),
        _ => Fail("Not enough arguments\nTry 'qemu-img --help' for more information"),
    };

    static QemuImagesAnswer Create(IDiskFiles files, QemuImagesOptions options)
    {
        if (options.Error is { } wrong) return Fail(wrong);
        if (options.Operands is not [var path, ..]) return Fail("Expecting image file name");
        string format = options.Format ?? "raw";
        if (format is not ("raw" or "qcow2")) return Fail($"{path}: Unknown file format '{format}'");
        long? size = null;
        if (options.Operands is [_, var text, ..] && (size = ParseSize(text)) is null)
            return Fail(
            "Invalid image size specified! You may use k, M, G, T, P or E suffixes for \nqemu-img: kilobytes, megabytes, gigabytes, terabytes, petabytes and exabytes.");
        QemuImage? under = null;
        string backing = "";
        if (options.Backing is { } name)
        {
            if (format == "raw") return Fail($"{path}: Backing file not supported for file format 'raw'");
            if (files.Read(Beside(files, path, name)) is not { } content)
                return Fail($"{path}: Could not open '{Beside(files, path, name)}': No such file or directory\nCould not open backing image.");
            under = QemuImage.Read(content);
            if (options.BackingFormat is null) return Fail(
                $"{path}: Backing file specified without backing format\nDetected format of {under.Format}.");
            if (options.BackingFormat == "qcow2" && under.Format != "qcow2")
                return Fail($"{path}: Could not open '{name}': Image is not in qcow2 format\nCould not open backing image.");
            // Said to be raw, the container itself is the disk.
            size ??= options.BackingFormat == "raw" && under.Format != "raw" ? under.ActualSize : under.VirtualSize;
            backing = $" backing_file={name} backing_fmt={options.BackingFormat}";
        }
        if (size is null) return Fail($"{path}: Image creation needs a size parameter");
        var image = new QemuImage { Format = format, VirtualSize = size.Value, BackingFile = options.Backing, BackingFormat = options.BackingFormat };
        if (files.Write(path, image.Write()) is { } failure) return Fail($"{path}: Could not create '{path}': {failure}");
        if (options.IsQuiet) return new(0, "", "");
        string detail = format == "raw" ? string.Create(CultureInfo.InvariantCulture, $" size={size}")
            : string.Create(CultureInfo.InvariantCulture,
            $" cluster_size=65536 extended_l2=off compression_type=zlib size={size}{backing} lazy_refcounts=off refcount_bits=16");
        return new(0, $"Formatting '{path}', fmt={format}{detail}\n", "");
    }

    static QemuImagesAnswer Convert(IDiskFiles files, QemuImagesOptions options)
    {
        if (options.Error is { } wrong) return Fail(wrong);
        if (options.Operands is not [var from, var to]) return Fail("Must specify image file name");
        if (Open(files, from, options.Format) is { Failure: { } failure }) return Fail(failure);
        if (Flatten(files, from) is not { } whole) return Fail($"Could not open '{from}': Could not open backing file: No such file or directory");
        QemuImage copy = whole with { Format = options.OutputFormat ?? "raw", BackingFile = null, BackingFormat = null };
        if (files.Write(to, copy.Write()) is { } unwritten)
            return Fail(unwritten.Contains("space", StringComparison.Ordinal)
            ? $"error while writing at byte 0: {unwritten}"
            : $"{to}: error while converting {copy.Format}: Could not create '{to}': {unwritten}");
        return new(0, "", "") { Duration = TimeSpan.FromSeconds(whole.ActualSize / (double)CopySpeed) };
    }

    static QemuImagesAnswer Resize(IDiskFiles files, QemuImagesOptions options)
    {
        if (options.Error is { } wrong) return Fail(wrong);
        if (options.Operands is not [var path, var text]) return Fail("Expecting image file name and size");
        (QemuImage? image, string? failure) = Open(files, path, options.Format);
        if (image is null) return Fail(failure!);
        if (ParseSize(text.TrimStart('+')) is not { } size) return Fail("Invalid image size specified!");
        if (text.StartsWith('+')) size += image.VirtualSize;
        if (size < image.VirtualSize && !options.Shrinks)
        {
            return Fail(
                "Use the --shrink option to perform a shrink operation.\nqemu-img: warning: Shrinking an image will delete all data beyond the shrunken image's end. "
                + "Before performing such an operation, make sure there is no important data there.");
        }
        if (files.Write(path, (image with { VirtualSize = size }).Write()) is { } unwritten) return Fail($"Could not resize image: {unwritten}");
        return new(0, options.IsQuiet ? "" : "Image resized.\n", "");
    }

    static QemuImagesAnswer Check(IDiskFiles files, QemuImagesOptions options)
    {
        if (options.Operands is not [var path]) return Fail("Expecting one image file name");
        if (Open(files, path, options.Format) is { Failure: { } failure }) return Fail(failure);
        return new(0, "No errors were found on the image.\nImage end offset: 262144\n", "");
    }

    /// <summary>An image as it stands, or why it cannot be opened.</summary>
    static (QemuImage? Image, string? Failure) Open(IDiskFiles files, string path, string? format)
    {
        if (files.Read(path) is not { } content) return (null, $"Could not open '{path}': Could not open '{path}': No such file or directory");
        QemuImage image = QemuImage.Read(content);
        return format == "qcow2" && image.Format != "qcow2" ? (null, $"Could not open '{path}': Image is not in qcow2 format") : (image, null);
    }

    /// <summary>An image with all that lies under it; null: something of it is not there.</summary>
    public static QemuImage? Flatten(IDiskFiles files, string path)
    {
        if (files.Read(path) is not { } content) return null;
        QemuImage image = QemuImage.Read(content);
        if (image.BackingFile is not { } backing) return image;
        if (Flatten(files, Beside(files, path, backing)) is not { } under) return null;
        var merged = new Dictionary<string, string>(under.Files, StringComparer.Ordinal);
        foreach ((string file, string text) in image.Files) merged[file] = text;
        return image with { System = image.System.Length > 0 ? image.System : under.System, Files = merged,
            ActualSize = image.ActualSize + under.ActualSize };
    }

    /// <summary>The name of a backing file counts from the folder of the image over it.</summary>
    static string Beside(IDiskFiles files, string path, string backing) =>
        backing.StartsWith('/') ? backing : files.Absolute($"{files.Absolute(path)[..(files.Absolute(path).LastIndexOf('/') + 1)]}{backing}");

    static QemuImagesAnswer Fail(string message) => new(1, "", $"qemu-img: {message}\n");

    static long? ParseSize(string text)
    {
        int shift = text.Length == 0 ? -1 : "kMGTPE".IndexOf(text[^1] == 'K' ? 'k' : text[^1], StringComparison.Ordinal);
        string number = shift < 0 ? text : text[..^1];
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            && value < 1_000_000 * (shift < 0 ? 1e9m : 1)
            ? (long)(value * (1L << (10 * (shift + 1)))) : null;
    }
}
