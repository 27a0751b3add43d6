using System.Text.Json;

namespace WaltG5k.Testbed.Api;

/// <summary>The shapes that all resources share.</summary>
static class ApiWriting
{
    /// <summary>The commit of the reference data.</summary>
    public const string DataVersion = "9ebe1b1e12d4496acf54e276f6885445a57f8c04";

    /// <summary><c>{total, offset, items[], version?, links[self, parent]}</c>.</summary>
    /// <param name="path">Of the collection, without the version of the API.</param>
    public static void WriteCollection<T>(this Utf8JsonWriter json, ApiRequest request, string path, IReadOnlyList<T> items, Action<T> writeItem,
        bool isReference = false, int? total = null, int offset = 0)
    {
        json.WriteStartObject();
        json.WriteNumber("total", total ?? items.Count);
        json.WriteNumber("offset", offset);
        json.WriteStartArray("items");
        foreach (T item in items) writeItem(item);
        json.WriteEndArray();
        if (isReference) json.WriteString("version", DataVersion);
        json.WriteStartArray("links");
        json.WriteLink(request, "self", path, isCollection: true);
        json.WriteLink(request, "parent", ParentOf(path));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The links of an item: its collections, itself and its parent.</summary>
    public static void WriteLinks(this Utf8JsonWriter json, ApiRequest request, string path, string parent, bool parentIsCollection = false,
        params ReadOnlySpan<string> collections)
    {
        json.WriteStartArray("links");
        foreach (string name in collections) json.WriteLink(request, name, $"{path.TrimEnd('/')}/{name}", isCollection: true);
        json.WriteLink(request, "self", path);
        json.WriteLink(request, "parent", parent, parentIsCollection);
        json.WriteEndArray();
    }

    public static void WriteLink(this Utf8JsonWriter json, ApiRequest request, string rel, string path, bool isCollection = false)
    {
        json.WriteStartObject();
        json.WriteString("rel", rel);
        json.WriteString("href", request.Href(path));
        json.WriteString("type", isCollection ? "application/vnd.grid5000.collection+json" : "application/vnd.grid5000.item+json");
        json.WriteEndObject();
    }

    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>The texts a job or node leaves out when it does not have them.</summary>
    public static void WriteIfAny(this Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) json.WriteString(name, text);
    }

    static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";
}
