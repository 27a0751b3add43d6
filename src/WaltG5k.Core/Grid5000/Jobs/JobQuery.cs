using WaltG5k.Core.Oar;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>Which jobs to list. They come newest first.</summary>
public sealed record JobQuery
{
    public string? User { get; init; }
    public string? Name { get; init; }
    public string? Project { get; init; }
    public string? Queue { get; init; }
    /// <summary>Empty: any. The API's filter knows states of one word only: others are left to the reader.</summary>
    public IReadOnlyList<OarJobState> States { get; init => field = value.AsArray(); } = [];
    /// <summary>Ask for the nodes and VLANs too: the answer is many times larger.</summary>
    public bool WithResources { get; init; }
    /// <summary>So many at most.</summary>
    public int Maximum { get; init; } = 500;
}
