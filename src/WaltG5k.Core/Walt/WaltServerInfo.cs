using WaltG5k.Core.Deployments;

namespace WaltG5k.Core.Walt;

/// <summary>A WalT server as it presents itself at one moment.</summary>
public sealed record WaltServerInfo(string Name)
{
    /// <summary>Such as <c>10.0</c>.</summary>
    public string Version { get; init; } = "";
    /// <summary>The name that owns what is made over this connection.</summary>
    public string UserName { get; init; } = "";
    /// <summary>From where it is reached.</summary>
    public string Through { get; init; } = "";
    /// <summary>The deployment that it belongs to; empty for a server of its own.</summary>
    public string Deployment { get; init; } = "";
    /// <summary>Null, as the other counts, where its HTTP service does not answer.</summary>
    public int? NodeCount { get; init; }
    public int? BootedCount { get; init; }
    public int? ImageCount { get; init; }
    public bool IsHttpReachable { get; init; }
    /// <summary>By how much its clock is ahead of ours; the time of the question's way is divided evenly.</summary>
    public TimeSpan TimeDifference { get; init; }
    /// <summary>Whether root's shell on it is open to us; what is read there is unknown otherwise.</summary>
    public bool HasShell { get; init; }
    /// <summary>The features of <c>/etc/walt/server.spec</c>.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];
    /// <summary>Whether nbfsd runs there, so that nodes may have their root file system by NBFS; null where that could not be seen.</summary>
    public bool? HasNbfsd { get; init; }
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public override string ToString() => Name;
}
