namespace WaltG5k.Core.Oar;

/// <summary>A job to submit. What is left out is left to OAR.</summary>
public sealed record OarJobRequest
{
    /// <summary>What to reserve, without the walltime: see <see cref="OarResources"/>, or a text of the user's own.</summary>
    public required string Resources { get; init; }
    public required Walltime Walltime { get; init; }
    /// <summary>Set for an advance reservation (<c>-r</c>).</summary>
    public DateTimeOffset? Start { get; init; }
    public string? Name { get; init; }
    public IReadOnlyList<string> Types { get; init; } = [];
    /// <summary>SQL over OAR's properties (<c>-p</c>). It applies to every group, VLANs included: prefer a filter in the group.</summary>
    public string? Properties { get; init; }
    public string? Queue { get; init; }
    public string? Project { get; init; }
    /// <summary>A shell line run on the front-end (job type deploy). A reservation needs none.</summary>
    public string? Command { get; init; }
    public string? StandardOutputFile { get; init; }
    public string? StandardErrorFile { get; init; }
}

/// <summary>One <c>{filter}/nodes=n</c> group of a request.</summary>
public sealed record OarResourceGroup(string Hierarchy, string? Filter = null)
{
    public override string ToString() => Filter is null ? $"/{Hierarchy}" : $"{{{Filter}}}/{Hierarchy}";
}

/// <summary>Builds the text of <c>oarsub -l</c>: groups joined by <c>+</c>.</summary>
public static class OarResources
{
    public static string Join(params IEnumerable<OarResourceGroup> groups) => string.Join('+', groups);
    public static OarResourceGroup Nodes(int count, string? filter = null) => new($"nodes={count}", filter);
    /// <param name="type"><c>kavlan-local</c>, <c>kavlan</c> or <c>kavlan-global</c>.</param>
    public static OarResourceGroup Vlan(string type) => new("vlan=1", $"type='{type}'");
}
