using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WaltG5k.BootFs;

/// <summary>A run of blocks that boots read one after the other.</summary>
readonly record struct BlockRange(uint First, uint Count);

/// <summary>
/// The blocks that boots of an image have read, in the order of their first reads. Grows by what a boot had to ask for; written as text.
/// </summary>
sealed class BlockTrace(ImageShape shape, byte[] digest)
{
    const string Title = "waltg5k-bootfs trace 1";

    readonly List<BlockRange> _ranges = [];
    readonly BlockSet _blocks = new(shape.Blocks);

    public IReadOnlyList<BlockRange> Ranges => _ranges;
    public long Bytes { get; private set; }

    public bool Contains(uint block) => _blocks[block];

    /// <summary>Adds a block at the end, merged with the run before it; false when it is there already or the trace is full.</summary>
    public bool Add(uint block, long limit)
    {
        if (Bytes >= limit || !_blocks.Add(block)) return false;
        Bytes += shape.LengthOf(block);
        if (_ranges.Count > 0 && _ranges[^1] is BlockRange last && last.First + last.Count == block)
            _ranges[^1] = last with { Count = last.Count + 1 };
        else _ranges.Add(new BlockRange(block, 1));
        return true;
    }

    public string Write()
    {
        StringBuilder text = new();
        text.Append(Title).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"image {Convert.ToHexStringLower(digest)} {shape.Size} {shape.BlockSize}\n");
        foreach (BlockRange range in _ranges) text.Append(CultureInfo.InvariantCulture, $"{range.First} {range.Count}\n");
        string lines = text.ToString();
        return $"{lines}end {Checksum(lines)}\n";
    }

    /// <exception cref="FormatException">It is no trace, was cut off or changed, or is of another image; the message says which.</exception>
    public static BlockTrace Read(string text, ImageShape shape, byte[] digest)
    {
        string[] lines = text.Split('\n');
        if (lines[0] != Title) throw new FormatException("it is no trace of this version");
        if (lines.Length < 4 || lines[^1].Length > 0) throw new FormatException("it is cut off");
        if (lines[1].Split(' ') is not ["image", string image, string size, string blockSize]) throw new FormatException("it names no image");
        if (image != Convert.ToHexStringLower(digest)) throw new FormatException($"it is of the image {image[..Math.Min(12, image.Length)]}");
        if (size != shape.Size.ToString(CultureInfo.InvariantCulture) || blockSize != shape.BlockSize.ToString(CultureInfo.InvariantCulture))
            throw new FormatException("it is of another size of image or block");
        string end = lines[^2];
        if (end.Split(' ') is not ["end", string checksum] || checksum != Checksum(text[..^(end.Length + 1)]))
            throw new FormatException("it is cut off or was changed");
        BlockTrace trace = new(shape, digest);
        foreach (string line in lines.AsSpan(2, lines.Length - 4))
        {
            if (line.Split(' ') is not [string f, string c] || !uint.TryParse(f, NumberStyles.None, CultureInfo.InvariantCulture, out uint first)
                || !uint.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out uint count) || !shape.Contains(first, count))
                throw new FormatException($"'{line}' are no blocks of the image");
            for (uint block = first; block < first + count; block++) trace.Add(block, long.MaxValue);
        }
        return trace;
    }

    static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
