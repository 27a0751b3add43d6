using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Core.Oar;

namespace WaltG5k.Core.Recipes;

/// <summary>
/// The JSON of a recipe: members <c>server</c>, <c>node_counts</c>, <c>schedule</c>, <c>walltime</c>; those that are missing have WalT's defaults.
/// </summary>
static class RecipeJson
{
    static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false };

    public static JsonObject Parse(string name, string text, string path)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: s_options) as JsonObject ?? throw RecipeErrors.Corrupt(name, path, "it is no JSON object");
        }
        catch (JsonException e)
        {
            throw RecipeErrors.Corrupt(name, path, $"line {e.LineNumber + 1}, character {e.BytePositionInLine + 1} is not as JSON wants it", e);
        }
    }

    public static WaltRecipe Read(string name, JsonObject json, string path)
    {
        G5kException Corrupt(string member, string wanted) => RecipeErrors.Corrupt(name, path, $"{member} is not {wanted}");

        string? site = null;
        if (json["server"] is { } server)
        {
            if (server is not JsonObject description) throw Corrupt("server", "an object");
            if (description["site"] is { } value) site = Text(value) ?? throw Corrupt("server.site", "the name of a site");
        }
        SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        if (json["node_counts"] is { } nodeCounts)
        {
            if (nodeCounts is not JsonObject sites) throw Corrupt("node_counts", "an object");
            foreach ((string key, JsonNode? value) in sites)
            {
                if (value is not JsonValue number || !number.TryGetValue(out int count) || count < 0)
                    throw Corrupt($"node_counts.{key}", "a number of nodes");
                if (count > 0) counts[key] = count;     // WalT's editor takes 0 as "not this site"
            }
        }
        return new WaltRecipe
        {
            Name = name,
            ServerSite = site,
            NodeCounts = counts,
            Schedule = json["schedule"] is not { } schedule ? RecipeSchedule.Asap : Text(schedule) switch
            {
                "asap" => RecipeSchedule.Asap,
                "night" => RecipeSchedule.Night,
                _ => throw Corrupt("schedule", "'asap' or 'night'"),
            },
            Walltime = json["walltime"] is not { } walltime ? new Walltime(TimeSpan.FromHours(1))
                : Walltime.TryParse(Text(walltime), out Walltime duration) ? duration
                : throw Corrupt("walltime", "a time such as 1:30:00"),
        };
    }

    /// <param name="old">What the file holds now: members unknown here, of WalT's own future or of other tools, stay.</param>
    public static JsonObject Write(WaltRecipe recipe, JsonObject? old)
    {
        JsonObject server = new() { ["site"] = recipe.ServerSite };
        if (old?["server"] is JsonObject oldServer) CopyUnknown(oldServer, server);
        JsonObject json = new()
        {
            ["server"] = server,
            ["node_counts"] = new JsonObject(recipe.NodeCounts.Where(c => c.Value > 0).OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
            ["schedule"] = recipe.Schedule == RecipeSchedule.Night ? "night" : "asap",
            ["walltime"] = recipe.Walltime.ToString(),
        };
        if (old is not null) CopyUnknown(old, json);
        return json;
    }

    static void CopyUnknown(JsonObject from, JsonObject to)
    {
        foreach ((string key, JsonNode? value) in from)
        {
            if (!to.ContainsKey(key)) to[key] = value?.DeepClone();
        }
    }

    static string? Text(JsonNode node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
