using WaltG5k.Core.Text;

namespace WaltG5k.Core.Walt;

/// <summary>Boots of one kind from one site, summarised.</summary>
public sealed record WaltBootMeasurement(string Site, WaltBootMethod Method)
{
    /// <summary>Null where it is not known whether the WalT server is at the same site.</summary>
    public bool? IsSameSite { get; init; }
    public WaltRootFileSystem? RootFileSystem { get; init; }
    public WaltBootloader? Bootloader { get; init; }
    public string Image { get; init; } = "";
    /// <summary>Boots that came to their end.</summary>
    public int Count { get; init; }
    public int Failed { get; init; }
    public int Boots => Count + Failed;
    public TimeSpan Median { get; init; }
    public TimeSpan Shortest { get; init; }
    public TimeSpan Longest { get; init; }
    /// <summary>Between the first and the third quartile: half of the boots lie within.</summary>
    public TimeSpan Spread { get; init; }
    /// <summary>The median of each part; estimated where one of them is.</summary>
    public IReadOnlyList<WaltBootPart> Parts { get; init => field = value.AsArray(); } = [];
    public override string ToString() => $"{Method} {Site}".TrimEnd();
}

/// <summary>A line of the 2021 talk's table on the boot path of WalT, with what was measured beside it.</summary>
/// <param name="Path">Such as <c>kexec + NFS</c>.</param>
public sealed record WaltBootComparison(string Path)
{
    /// <summary>Medians; null where nothing was measured.</summary>
    public TimeSpan? SameSite { get; init; }
    public TimeSpan? OtherSite { get; init; }
    public TimeSpan TalkSameSite { get; init; }
    public TimeSpan TalkOtherSite { get; init; }
    public int Count { get; init; }
    public override string ToString() => Path;
}
