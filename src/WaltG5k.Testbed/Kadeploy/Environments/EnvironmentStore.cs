using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>Which environments a request is about.</summary>
/// <param name="Login">Who asks.</param>
internal sealed record EnvironmentLookup(string Login, string Name)
{
    /// <summary>Whose; null: one's own, else a public one.</summary>
    public string? User { get; init; }
    /// <summary>Null: the newest.</summary>
    public long? Version { get; init; }
    public bool AllVersions { get; init; }
    public string? Architecture { get; init; }
}

/// <summary>The environments registered at each site: those of the staff, which are the same everywhere, and what users have added.</summary>
internal sealed class EnvironmentStore
{
    readonly IReadOnlyList<EnvironmentRecord> _reference = ReferenceEnvironments.Create();
    readonly Dictionary<string, List<EnvironmentRecord>> _added = new(StringComparer.Ordinal);

    /// <summary>In the order in which they are listed: by user, name, version. Under the world's lock.</summary>
    public IEnumerable<EnvironmentRecord> At(string site) => _reference.Concat(_added.GetValueOrDefault(site, []))
        .OrderBy(e => e.User, StringComparer.Ordinal).ThenBy(e => e.Name, StringComparer.Ordinal).ThenBy(e => e.Version);

    /// <summary>
    /// What <paramref name="login"/> sees in a list: all of his own and whatever is public, or what <paramref name="user"/> lets him see.
    /// </summary>
    public IReadOnlyList<EnvironmentRecord> List(string site, string login, string? user, bool allVersions)
    {
        IEnumerable<EnvironmentRecord> seen = At(site).Where(e => user is null
            ? e.User == login || e.Visibility == "public"
            : e.User == user && (user == login || e.Visibility != "private"));
        return [.. allVersions ? seen : seen.GroupBy(e => (e.User, e.Name, e.Architecture)).Select(g => g.MaxBy(e => e.Version)!)];
    }

    /// <summary>
    /// Environments of that name or alias. Without an owner one's own are meant, else public ones. Where no architecture is named, all of the version
    /// are found, the usual one first.
    /// </summary>
    public IReadOnlyList<EnvironmentRecord> Find(string site, EnvironmentLookup lookup)
    {
        string owner = lookup.User ?? lookup.Login;
        EnvironmentRecord[] named = [.. At(site)
            .Where(e => (e.Name == lookup.Name || e.Alias == lookup.Name) && (lookup.Architecture is null || e.Architecture == lookup.Architecture))];
        EnvironmentRecord[] found = [.. Select(named.Where(e => e.User == owner && (owner == lookup.Login || e.Visibility != "private")), lookup)];
        if (found.Length == 0 && lookup.User is null) found = [.. Select(named.Where(e => e.User != owner && e.Visibility == "public"), lookup)];
        return found;
    }

    /// <summary>False where there is one of that name, version and architecture already.</summary>
    public bool TryAdd(string site, EnvironmentRecord record)
    {
        if (!_added.TryGetValue(site, out List<EnvironmentRecord>? all)) _added[site] = all = [];
        if (all.Any(e => (e.Name, e.Version, e.User, e.Architecture) == (record.Name, record.Version, record.User, record.Architecture)))
            return false;
        all.Add(record);
        return true;
    }

    public void Remove(string site, EnvironmentRecord record) => _added.GetValueOrDefault(site)?.Remove(record);

    static IEnumerable<EnvironmentRecord> Select(IEnumerable<EnvironmentRecord> candidates, EnvironmentLookup lookup)
    {
        EnvironmentRecord[] all = [.. candidates.OrderBy(e => e.Architecture != "x86_64").ThenBy(e => e.Version)];
        if (all.Length == 0 || (lookup.AllVersions && lookup.Version is null)) return all;
        long version = lookup.Version ?? all.Max(e => e.Version);
        return all.Where(e => e.Version == version);
    }

    public JsonNode? Save()
    {
        JsonObject sites = [];
        foreach ((string site, List<EnvironmentRecord> records) in _added.Where(s => s.Value.Count > 0).OrderBy(s => s.Key, StringComparer.Ordinal))
            sites[site] = new JsonArray([.. records.Select(ToJson)]);
        return sites.Count == 0 ? null : sites;
    }

    public void Load(JsonNode state)
    {
        foreach ((string site, JsonNode? records) in state.AsObject())
        {
            foreach (JsonObject saved in records!.AsArray().OfType<JsonObject>())
            {
                EnvironmentRecord record = new(saved["fields"]!.DeepClone().AsObject(), saved["user"]!.GetValue<string>());
                foreach ((string file, JsonNode? checksum) in saved["checksums"]!.AsObject()) record.Checksums[file] = checksum!.GetValue<string>();
                TryAdd(site, record);
            }
        }
    }

    static JsonObject ToJson(EnvironmentRecord record) => new JsonObject
    {
        ["user"] = record.User,
        ["fields"] = record.Fields.DeepClone(),
        ["checksums"] = new JsonObject(record.Checksums.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
    };
}
