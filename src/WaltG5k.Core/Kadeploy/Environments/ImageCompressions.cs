namespace WaltG5k.Core.Kadeploy;

/// <summary>How archives are packed, as their names tell.</summary>
public static class ImageCompressions
{
    /// <returns><c>gzip</c>, <c>bzip2</c>, <c>xz</c>, <c>zstd</c>, or null for a name that does not tell.</returns>
    public static string? OfFile(string file) => Path.GetExtension(file) switch
    {
        ".gz" or ".tgz" => "gzip",
        ".bz2" or ".tbz2" => "bzip2",
        ".xz" or ".txz" => "xz",
        ".zst" or ".zstd" => "zstd",
        _ => null,
    };
}
