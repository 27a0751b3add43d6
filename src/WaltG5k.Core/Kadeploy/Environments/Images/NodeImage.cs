namespace WaltG5k.Core.Kadeploy;

/// <summary>What to make of a deployed node.</summary>
/// <param name="Node">Its full name.</param>
/// <param name="Name">The environment's.</param>
public sealed record NodeImageRequest(string Node, string Name)
{
    /// <summary>The folder for image and description; below the user's home when it is relative.</summary>
    public string Folder { get; init; } = "public";
    /// <summary>Whether <see cref="Folder"/> is one of this machine and not of the front-end.</summary>
    public bool IsHere { get; init; }
    /// <summary>What the node was deployed with, whose description is carried on; null: Kadeploy is asked.</summary>
    public EnvironmentDescription? Base { get; init; }
    public long? Version { get; init; }
    public string? Description { get; init; }
    /// <summary>Replace files of the same name.</summary>
    public bool Overwrites { get; init; }
    /// <summary>For the image; some gigabytes come at the speed of the network or of the packer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(60);
}

/// <summary>Where an image that is being made stands.</summary>
/// <param name="Phase">A sentence such as <c>Packing</c>.</param>
/// <param name="Length">Bytes so far.</param>
public readonly record struct NodeImageProgress(string Phase, long Length);

/// <summary>An image of a node, with a description that deploys it.</summary>
public sealed record NodeImage(string Node, string Site, EnvironmentDescription Definition)
{
    /// <summary>The environment's name.</summary>
    public string Name => Definition.Name;
    /// <summary>The image file.</summary>
    public required string Path { get; init; }
    /// <summary>The file with its description, beside it.</summary>
    public required string DescriptionPath { get; init; }
    /// <summary>Where every site finds the image; null when it is not in the web folder of the home.</summary>
    public string? Url { get; init; }
    /// <summary>In bytes.</summary>
    public long Length { get; init; }
    /// <summary>In hexadecimal.</summary>
    public string Sha256 { get; init; } = "";
    public TimeSpan Duration { get; init; }
    /// <summary>The environment as it was registered; null when it was not.</summary>
    public EnvironmentInfo? Environment { get; init; }
    public override string ToString() => Path;
}
