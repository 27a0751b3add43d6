using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>A job to submit. What is left out is left to OAR.</summary>
public sealed record OarJobRequest
{
    /// <summary>What to reserve: see <see cref="OarResources"/>, or a text of the user's own. Empty: as the script's <c>#OAR</c> lines say.</summary>
    public required string Resources { get; init; }
    /// <summary>Null: OAR's default, or the walltime that <see cref="Resources"/> holds already.</summary>
    public Walltime? Walltime { get; init; }
    /// <summary>Further whole <c>-l</c> texts with walltimes of their own (moldable job): OAR takes the one that ends first.</summary>
    public IReadOnlyList<string> Alternatives { get; init => field = value.AsArray(); } = [];
    /// <summary>Set for an advance reservation (<c>-r</c>).</summary>
    public DateTimeOffset? Start { get; init; }
    public string? Name { get; init; }
    public IReadOnlyList<string> Types { get; init => field = value.AsArray(); } = [];
    /// <summary>SQL over OAR's properties (<c>-p</c>). It applies to every group, VLANs included: prefer a filter in the group.</summary>
    public string? Properties { get; init; }
    public string? Queue { get; init; }
    public string? Project { get; init; }
    /// <summary>A shell line run on the front-end (job type deploy). A reservation needs none.</summary>
    public string? Command { get; init; }
    public string? StandardOutputFile { get; init; }
    public string? StandardErrorFile { get; init; }
    /// <summary>Where the command runs (<c>-d</c>).</summary>
    public string? Directory { get; init; }
    /// <summary>Starts only when the user resumes it.</summary>
    public bool Hold { get; init; }
    /// <summary>Jobs that must have ended before (<c>-a</c>).</summary>
    public IReadOnlyList<long> After { get; init => field = value.AsArray(); } = [];
    /// <summary>An array of so many jobs; 0: a single job.</summary>
    public int ArrayCount { get; init; }
    /// <summary>An array with one job for each line of parameters; the lines are written to a file on the front-end.</summary>
    public IReadOnlyList<string> ArrayParameters { get; init => field = value.AsArray(); } = [];
    /// <summary>The command is a script on the front-end whose <c>#OAR</c> lines hold options (<c>-S</c>).</summary>
    public bool ScanScript { get; init; }
    /// <summary><c>mail:ADDRESS</c> or <c>exec:PROGRAM</c>.</summary>
    public string? Notify { get; init; }
    /// <summary>So long before the end of the walltime <see cref="Signal"/> is sent (<c>--checkpoint</c>).</summary>
    public TimeSpan? Checkpoint { get; init; }
    /// <summary>The number of the checkpoint signal; null: OAR's own, SIGUSR2.</summary>
    public int? Signal { get; init; }

    /// <summary>Whether <see cref="Resources"/> is a text that holds its walltime.</summary>
    public bool HasOwnWalltime => Resources.Contains("walltime=", StringComparison.Ordinal);
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
