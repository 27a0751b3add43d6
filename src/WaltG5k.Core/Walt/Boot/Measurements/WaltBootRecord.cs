using WaltG5k.Core.Text;

namespace WaltG5k.Core.Walt;

/// <summary>A boot of one node as the history keeps it.</summary>
public sealed record WaltBootRecord(DateTimeOffset Date, string Node)
{
    /// <summary>The deployment, or the name of the WalT server where there is none.</summary>
    public string Platform { get; init; } = "";
    public string Site { get; init; } = "";
    /// <summary>Where the WalT server runs.</summary>
    public string ServerSite { get; init; } = "";
    public string Image { get; init; } = "";
    public WaltBootMethod Method { get; init; }
    public WaltRootFileSystem? RootFileSystem { get; init; }
    public WaltBootloader? Bootloader { get; init; }
    public bool IsBooted { get; init; }
    public int Attempts { get; init; }
    /// <summary>From the first order to the boot notification, see <see cref="WaltBootResult.Elapsed"/>; to the giving up on a failure.</summary>
    public TimeSpan Elapsed { get; init; }
    public IReadOnlyList<WaltBootStep> Steps { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<WaltBootPart> Parts { get; init => field = value.AsArray(); } = [];
    /// <summary>The code of the failure; empty on success.</summary>
    public string Error { get; init; } = "";
    public override string ToString() => Node;

    /// <summary>Null where one of the sites is unknown.</summary>
    public bool? IsSameSite => Site.Length == 0 || ServerSite.Length == 0 ? null : Site == ServerSite;

    public static WaltBootRecord From(WaltBootResult result, DateTimeOffset date, string platform, string serverSite) => new(date, result.Node)
    {
        Platform = platform,
        Site = result.Site,
        ServerSite = serverSite,
        Image = result.Image,
        Method = result.Method,
        RootFileSystem = result.RootFileSystem,
        Bootloader = result.Bootloader,
        IsBooted = result.IsBooted,
        Attempts = result.Attempts,
        Elapsed = result.Elapsed,
        Steps = result.Steps,
        Parts = result.Parts,
        Error = result.Error?.Code ?? "",
    };
}
