using System.Globalization;

namespace WaltG5k.Core.Walt.Logs;

/// <summary>A line of a WalT platform's log.</summary>
/// <param name="Timestamp">To the microsecond, in UTC.</param>
/// <param name="Issuer">The node or other device that printed it; <c>walt-server</c> for the platform's own events.</param>
/// <param name="Stream">Such as <c>platform.nodes</c> or <c>netconsole</c>.</param>
public sealed record WaltLogLine(DateTimeOffset Timestamp, string Issuer, string Stream, string Line)
{
    /// <summary>As WalT's own client shows it, in local time: <c>07:06:13.250000 walt-server.platform.nodes -> node gros-1 is booted</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Timestamp.ToLocalTime():HH:mm:ss.ffffff} {Issuer}.{Stream} -> {Line}");
}

/// <summary>Which lines are asked for.</summary>
public sealed record WaltLogQuery
{
    /// <summary>Null: from the beginning of history; when lines are followed, from now on.</summary>
    public DateTimeOffset? From { get; init; }
    /// <summary>Null: up to now.</summary>
    public DateTimeOffset? To { get; init; }
    /// <summary>Names of devices; empty stands for all.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];
    /// <summary>A POSIX extended regular expression that is found in the stream's name.</summary>
    public string? Stream { get; init; }
    /// <summary>A POSIX extended regular expression that is found in the line.</summary>
    public string? Pattern { get; init; }
    /// <summary>Newest lines first; for history only.</summary>
    public bool NewestFirst { get; init; }
}

/// <summary>A moment that a user gave a name.</summary>
/// <param name="Timestamp">By the server's clock.</param>
public sealed record WaltCheckpoint(string Name, DateTimeOffset Timestamp)
{
    public override string ToString() => Name;
}
