namespace WaltG5k.Core.Frontends;

/// <summary>Something about a site's connection that will get in the way.</summary>
/// <param name="Code">Stable: that of the failure, where there was one.</param>
public sealed record ConnectionFinding(string Code, string Title, string Recommendation)
{
    public override string ToString() => Code;
}

/// <summary>How well a site can be worked with from here.</summary>
public sealed record ConnectionTest
{
    public required string Site { get; init; }
    /// <summary>How its front-end is named.</summary>
    public required string Frontend { get; init; }
    public bool IsReachable { get; init; }
    /// <summary>Why ssh failed; null when it did not.</summary>
    public SshFailureReason? Reason { get; init; }
    /// <summary>The first command, a login included if there was none yet.</summary>
    public TimeSpan? LoginTime { get; init; }
    /// <summary>A command that does nothing, once the connection is there.</summary>
    public TimeSpan? CommandTime { get; init; }
    /// <summary>Such as <c>2.5.9</c>; null: the front-end has no OAR.</summary>
    public string? OarVersion { get; init; }
    public bool HasKadeploy { get; init; }
    public bool HasKavlan { get; init; }
    /// <summary>Whether the reference API knows the site.</summary>
    public bool IsApiReachable { get; init; }
    /// <summary>Whether OAR's REST interface answers; null where no address of it is known.</summary>
    public bool? IsOarApiReachable { get; init; }
    /// <summary>The front-end's clock less ours; null when it was not told.</summary>
    public TimeSpan? ClockDifference { get; init; }
    /// <summary>The front-end's distance from UTC.</summary>
    public TimeSpan? UtcOffset { get; init; }
    public IReadOnlyList<ConnectionFinding> Findings { get; init; } = [];

    public override string ToString() => Site;
}
