using System.Globalization;
using System.Text.Json;

namespace WaltG5k.Core.Text;

/// <summary>Tolerant access to JSON that others write: what is missing, null or of another kind is null.</summary>
static class JsonReading
{
    public static string? GetText(this JsonElement element, string name) => element.Find(name) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        _ => null,
    };

    /// <summary>A whole number, also one written as a string.</summary>
    public static long? GetLong(this JsonElement element, string name) => element.Find(name) switch
    {
        { ValueKind: JsonValueKind.Number } value => value.TryGetInt64(out long number) ? number : null,
        { ValueKind: JsonValueKind.String } value =>
            long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null,
        _ => null,
    };

    public static double? GetDouble(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) ? number : null;

    public static bool GetFlag(this JsonElement element, string name) => element.Find(name)?.ValueKind == JsonValueKind.True;

    /// <summary>An epoch in seconds; 0 stands for "not yet".</summary>
    public static DateTimeOffset? GetDate(this JsonElement element, string name) =>
        element.GetLong(name) is > 0 and { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The strings of an array.</summary>
    public static IReadOnlyList<string> GetTexts(this JsonElement element, string name) =>
        [.. element.GetItems(name).Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!)];

    /// <summary>The items of an array.</summary>
    public static IEnumerable<JsonElement> GetItems(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>An object inside, or null.</summary>
    public static JsonElement? GetObject(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;
}
