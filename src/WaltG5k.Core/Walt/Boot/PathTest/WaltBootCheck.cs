using WaltG5k.Core.Text;

namespace WaltG5k.Core.Walt;

public enum WaltBootCheckState
{
    Passed,
    /// <summary>Something optional that is not there.</summary>
    Absent,
    /// <summary>It could not be seen.</summary>
    Unknown,
    Warning,
    Failed,
}

/// <summary>One thing that a boot needs, as it was found on a server, or alike on some of its nodes.</summary>
/// <param name="Check">Such as <c>dhcp</c> or <c>boot-files</c>.</param>
public sealed record WaltBootCheck(string Check, WaltBootCheckState State)
{
    /// <summary>The nodes that it was found on; empty for the server itself.</summary>
    public IReadOnlyList<string> Nodes { get; init => field = value.AsArray(); } = [];
    public string Seen { get; init; } = "";
    public string Recommendation { get; init; } = "";
    public override string ToString() => $"{Check}: {State}";
}
