using System.Text.Json;
using System.Text.RegularExpressions;

namespace WaltG5k.Core.Walt.Http;

/// <summary>A line of the server's stream <c>platform.nodes</c>: a node went down, or is booted.</summary>
/// <param name="IsSoftReboot">With a node that went down: it took a reboot order.</param>
sealed partial record NodeEvent(DateTimeOffset Date, string Node, bool IsBooted, bool IsSoftReboot)
{
    [GeneratedRegex(@"^node (?<name>\S+) is (?<state>booted|down)(?<why> \(.*)?$")]
    private static partial Regex Line { get; }

    /// <summary>Null for lines of another kind.</summary>
    public static NodeEvent? Read(JsonElement log)
    {
        if (!log.TryGetProperty("line", out JsonElement text) || !log.TryGetProperty("timestamp", out JsonElement date)
            || text.ValueKind != JsonValueKind.String
            || date.ValueKind != JsonValueKind.Number) return null;
        Match match = Line.Match(text.GetString()!);
        return match.Success
            ? new NodeEvent(DateTimeOffset.UnixEpoch.AddSeconds(date.GetDouble()), match.Groups["name"].Value,
            match.Groups["state"].Value == "booted",
                match.Groups["why"].Value.Contains("soft-reboot", StringComparison.Ordinal))
            : null;
    }
}
