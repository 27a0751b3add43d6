using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaltG5k.Core.Recipes;

/// <summary>
/// Writes JSON the way Python's <c>json.dumps</c> does: one line, a blank after commas and colons, ASCII only. WalT's own files stay as they are when
/// rewritten.
/// </summary>
static class PythonJson
{
    public static string Write(JsonNode? node)
    {
        StringBuilder text = new();
        Append(text, node);
        return text.ToString();
    }

    static void Append(StringBuilder text, JsonNode? node)
    {
        string separator = "";
        switch (node)
        {
            case JsonObject members:
                text.Append('{');
                foreach ((string key, JsonNode? value) in members)
                {
                    AppendString(text.Append(separator), key);
                    Append(text.Append(": "), value);
                    separator = ", ";
                }
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                foreach (JsonNode? item in items)
                {
                    Append(text.Append(separator), item);
                    separator = ", ";
                }
                text.Append(']');
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                AppendString(text, value.GetValue<string>());
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }
}
