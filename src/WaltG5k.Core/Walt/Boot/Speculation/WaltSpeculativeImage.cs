namespace WaltG5k.Core.Walt;

/// <summary>An image whose nodes may have their root file system by the speculative root.</summary>
/// <param name="Image">The image's name.</param>
/// <param name="Digest">The digest of the root that the boot scripts pin, 64 digits.</param>
/// <param name="Size">Of the root as one file, in bytes.</param>
public sealed record WaltSpeculativeImage(string Image, string Digest, long Size)
{
    public string ImageId { get; init; } = "";
    /// <summary>The WalT server.</summary>
    public string Server { get; init; } = "";

    public override string ToString() => Image;
}
