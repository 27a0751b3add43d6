namespace WaltG5k.Core.Walt;

/// <summary>What was copied to or from one node.</summary>
public sealed record WaltCopyResult(string Node)
{
    /// <summary>What was copied, where it is from.</summary>
    public string Path { get; init; } = "";
    /// <summary>Where it is now.</summary>
    public string Destination { get; init; } = "";
    public int FileCount { get; init; }
    /// <summary>Bytes of the files.</summary>
    public long Length { get; init; }
    public TimeSpan Duration { get; init; }
    /// <summary>Null on success.</summary>
    public G5kException? Error { get; init; }
    public override string ToString() => Node;
}
