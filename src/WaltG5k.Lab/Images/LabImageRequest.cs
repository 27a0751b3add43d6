namespace WaltG5k.Lab.Images;

/// <summary>What image to make.</summary>
public sealed record LabImageRequest(string Name)
{
    public string Suite { get; init; } = "bookworm";
    public string Mirror { get; init; } = "http://deb.debian.org/debian";
    /// <summary>Debian packages beyond the least that a node needs.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];
    /// <summary>Replace an image of that name.</summary>
    public bool Force { get; init; }
}
