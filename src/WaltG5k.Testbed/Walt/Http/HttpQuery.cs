namespace WaltG5k.Testbed.Walt.Http;

/// <summary>A request: its path and its fields, decoded.</summary>
internal sealed record HttpQuery(string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Fields,
    IReadOnlyDictionary<string, string> Headers)
{
    public required bool KeepsAlive { get; init; }

    /// <summary>The last value of a field, or null; an empty value counts as none.</summary>
    public string? this[string field] => Fields.LastOrDefault(f => f.Key == field).Value is { Length: > 0 } value ? value : null;

    public static HttpQuery Parse(string method, string target, string version, IReadOnlyDictionary<string, string> headers)
    {
        string[] parts = target.Split('?', 2);
        List<KeyValuePair<string, string>> fields = [];
        foreach (string field in (parts.Length > 1 ? parts[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = field.Split('=', 2);
            fields.Add(KeyValuePair.Create(Decode(pair[0]), pair.Length > 1 ? Decode(pair[1]) : ""));
        }
        bool closes = headers.TryGetValue("Connection", out string? connection) && connection.Equals("close", StringComparison.OrdinalIgnoreCase);
        return new HttpQuery(method, Decode(parts[0]), fields, headers) { KeepsAlive = !closes && version == "HTTP/1.1" };
    }

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
