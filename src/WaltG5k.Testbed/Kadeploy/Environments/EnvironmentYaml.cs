using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>Descriptions as Kadeploy's clients read them, and as its server prints them.</summary>
internal static partial class EnvironmentYaml
{
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static JsonNode? Read(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return yaml.Documents.Count == 0 ? null : ToJson(yaml.Documents[0].RootNode);
    }

    /// <summary>One document with <c>---</c> in front, without a newline at its end.</summary>
    public static string Write(JsonObject fields)
    {
        var text = new StringBuilder("---");
        WriteEntries(text, fields, "", startsOnLine: false);
        return text.ToString();
    }

    static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => ToObject(mapping),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode scalar => ToValue(scalar),
        _ => null,
    };

    static JsonObject ToObject(YamlMappingNode mapping)
    {
        JsonObject fields = [];
        foreach ((YamlNode key, YamlNode value) in mapping.Children) fields[$"{key}"] = ToJson(value);
        return fields;
    }

    static JsonNode? ToValue(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain) return text;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) return number;
        return text switch
        {
            "" or "~" or "null" => null,
            "true" or "True" or "yes" or "Yes" => true,
            "false" or "False" or "no" or "No" => false,
            _ => text,
        };
    }

    static void WriteEntries(StringBuilder text, JsonObject fields, string indent, bool startsOnLine)
    {
        bool isFirst = startsOnLine;
        foreach ((string name, JsonNode? value) in fields)
        {
            if (!isFirst) text.Append('\n').Append(indent);
            isFirst = false;
            text.Append(name).Append(':');
            switch (value)
            {
                case JsonObject inner when inner.Count > 0: WriteEntries(text, inner, indent + "  ", startsOnLine: false); break;
                case JsonArray list when list.Count > 0: WriteItems(text, list, indent); break;
                default: text.Append(' ').Append(Scalar(value)); break;
            }
        }
    }

    static void WriteItems(StringBuilder text, JsonArray list, string indent)
    {
        foreach (JsonNode? item in list)
        {
            text.Append('\n').Append(indent).Append("- ");
            if (item is JsonObject fields) WriteEntries(text, fields, indent + "  ", startsOnLine: true);
            else text.Append(Scalar(item));
        }
    }

    static string Scalar(JsonNode? value) => value switch
    {
        JsonObject => "{}",
        JsonArray => "[]",
        null => "",
        _ when value.GetValueKind() == System.Text.Json.JsonValueKind.String => Quote(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    /// <summary>As ruby does it: quotes around what would be read as something else.</summary>
    static string Quote(string text)
    {
        if (text.Length == 0) return "''";
        bool isSpecial = text[0] == '/' || Ambiguous().IsMatch(text) || text.Contains(": ", StringComparison.Ordinal)
            || text.Contains(" #", StringComparison.Ordinal) || text.Contains('\n', StringComparison.Ordinal);
        return isSpecial ? "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal) + "\"" : text;
    }

    [GeneratedRegex(@"^([-+]?[0-9][0-9_.:]*|true|false|yes|no|on|off|y|n|null|~|[-?:,\[\]{}#&*!|>'""%@`].*|.*:)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Ambiguous();
}
