using System.Globalization;

namespace WaltG5k.Core.Oar;

/// <summary>Conditions for the <c>--sql</c> options, in OAR's PostgreSQL: the one place where text becomes part of SQL.</summary>
static class OarSql
{
    static readonly OarJobState[] s_ended = [OarJobState.Terminated, OarJobState.Error];
    static readonly OarJobState[] s_states = [.. Enum.GetValues<OarJobState>().Where(s => s != OarJobState.Unknown)];

    /// <summary>A text in single quotes; a quote inside is doubled, which is all that PostgreSQL needs.</summary>
    /// <exception cref="G5kException"><c>InvalidText</c>: a NUL character, which no command line can carry.</exception>
    public static string Quote(string text) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new G5kException("InvalidText", ErrorKind.InvalidArgument, "A text for OAR cannot hold a NUL character.", text,
        "Remove the character.")
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A text that stands for itself in a LIKE pattern.</summary>
    static string EscapePattern(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal);

    public static string Jobs(OarJobQuery query, string? user)
    {
        List<string> conditions = [];
        if (user is not null) conditions.Add($"job_user = {Quote(user)}");
        if (query.Name is { } name) conditions.Add($"job_name = {Quote(name)}");
        if (query.States.Count > 0) conditions.Add(In(query.States));
        if (query.Since is { } since)
        {
            // A job that was deleted before its start has no date of an end.
            string epoch = since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            conditions.Add($"({In(s_states.Except(s_ended))} OR stop_time >= {epoch} OR submission_time >= {epoch})");
        }
        return string.Join(" AND ", conditions);
    }

    public static string Resources(OarResourceQuery query)
    {
        List<string> conditions = [];
        if (query.Hosts.Count > 0) conditions.Add($"({string.Join(" OR ", query.Hosts.Select(Host))})");
        if (query.ResourceIds.Count > 0) conditions.Add(
            $"resource_id IN ({string.Join(", ", query.ResourceIds.Select(id => id.ToString(CultureInfo.InvariantCulture)))})");
        if (query.Types.Count > 0) conditions.Add($"type IN ({string.Join(", ", query.Types.Select(Quote))})");
        if (query.Property is { } property) conditions.Add($"({property})");
        return string.Join(" AND ", conditions);
    }

    /// <summary>One row of each node that has a property: a node is a row per core, each of more than a kilobyte.</summary>
    public static string OneRowPerNode(string property) =>
        $"resource_id IN (SELECT MIN(resource_id) FROM resources WHERE type = 'default' AND ({property}) GROUP BY network_address)";

    /// <summary>OAR's own spelling of a state.</summary>
    public static string Name(OarJobState state) => state switch
    {
        OarJobState.ToLaunch => "toLaunch",
        OarJobState.ToAckReservation => "toAckReservation",
        OarJobState.ToError => "toError",
        _ => state.ToString(),
    };

    static string In(IEnumerable<OarJobState> states) => $"state IN ({string.Join(", ", states.Select(s => Quote(Name(s))))})";

    /// <summary>A host by its whole name or by the part before the first dot.</summary>
    static string Host(string host) => host.Contains('.', StringComparison.Ordinal)
        ? $"network_address = {Quote(host)}"
        : $"network_address = {Quote(host)} OR network_address LIKE {Quote(EscapePattern(host) + ".%")}";
}
