namespace WaltG5k.Core.Kadeploy;

/// <summary>How an image is packed, by its first bytes: tgz-g5k changed its mind over the years.</summary>
/// <param name="Name">As descriptions call it.</param>
sealed record ImageCompression(string Name, string Extension, string Tester)
{
    public static readonly ImageCompression Gzip = new("gzip", ".tar.gz", "gzip"), Zstd = new("zstd", ".tar.zst", "zstd"),
        Xz = new("xz", ".tar.xz", "xz"), Bzip2 = new("bzip2", ".tar.bz2", "bzip2");

    /// <returns>Null for what is no archive.</returns>
    public static ImageCompression? Recognise(ReadOnlySpan<byte> start) => start switch
    {
        [0x1f, 0x8b, ..] => Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Zstd,
        [0xfd, (byte)'7', (byte)'z', (byte)'X', ..] => Xz,
        [(byte)'B', (byte)'Z', (byte)'h', ..] => Bzip2,
        _ => null,
    };
}
