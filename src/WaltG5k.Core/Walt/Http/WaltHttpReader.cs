using System.Globalization;
using System.Text.Json;
using WaltG5k.Core.Walt.Logs;

namespace WaltG5k.Core.Walt.Http;

/// <summary>Turns the JSON of <c>/api/v1</c> into objects. Members that are absent or of a new kind keep their defaults.</summary>
static class WaltHttpReader
{
    public static WaltNodeInfo ReadNode(JsonElement node) => new(Text(node, "name"))
    {
        Model = Text(node, "model"),
        Image = Text(node, "image"),
        IsBooted = Flag(node, "booted"),
        IsVirtual = Flag(node, "virtual"),
        Ip = Text(node, "ip"),
        Mac = Text(node, "mac"),
        Configuration = node.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object
            ? config.EnumerateObject().ToDictionary(p => p.Name,
            p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText(), StringComparer.Ordinal)
            : [],
    };

    public static WaltImageInfo ReadImage(JsonElement image) => new(Text(image, "fullname"))
    {
        Id = Text(image, "id"),
        IsInUse = Flag(image, "in_use"),
        Created = DateTime.TryParseExact(Text(image, "created"), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None,
        out DateTime created) ? created : null,
        Models = image.TryGetProperty("compatibility", out JsonElement models) && models.ValueKind == JsonValueKind.Array
            ? [.. models.EnumerateArray().Where(m => m.ValueKind == JsonValueKind.String).Select(m => m.GetString()!)]
            : [],
    };

    /// <summary>A log line whose time is in milliseconds.</summary>
    public static WaltLogLine ReadLog(JsonElement line) =>
        new(LogTime.FromMilliseconds(line.GetProperty("timestamp").GetDouble()), Text(line, "issuer"), Text(line, "stream"), Text(line, "line"));

    /// <summary>The sentence in an error's body: the server sends JSON when asked so, HTML from what stands before it.</summary>
    public static string ReadError(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && Text(document.RootElement, "error") is { Length: > 0 } error
                ? error
                : Shorten(body);
        }
        catch (JsonException)
        {
            return Shorten(body);
        }
    }

    static string Shorten(string body) => body.Length <= 200 ? body.Trim() : body[..200].Trim() + "…";

    static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
