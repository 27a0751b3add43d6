using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WaltG5k.Core.VirtualMachines.Topologies.Forms;

/// <summary>Writes a tree as JSON or as a data file of PowerShell. Numbers are in the units of the keys: MiB of memory, GiB of disk.</summary>
static class TreeWriter
{
    public static string ToJson(DataMap map)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // Nothing of it is ever put into a web page: paths and names stay readable.
        using (var json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Write(json, map);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    static void Write(Utf8JsonWriter json, DataValue value)
    {
        switch (value)
        {
            case DataMap map:
                json.WriteStartObject();
                foreach (DataEntry entry in map.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(json, entry.Value);
                }
                json.WriteEndObject();
                break;
            case DataList list:
                json.WriteStartArray();
                foreach (DataValue item in list.Items) Write(json, item);
                json.WriteEndArray();
                break;
            case DataScalar { Value: int number }: json.WriteNumberValue(number); break;
            case DataScalar scalar: json.WriteStringValue($"{scalar.Value}"); break;
        }
    }

    public static string ToPsd1(DataMap map)
    {
        var text = new StringBuilder();
        Write(text, map, 0);
        return text.Append('\n').ToString();
    }

    static void Write(StringBuilder text, DataValue value, int depth)
    {
        switch (value)
        {
            case DataMap map when depth > 2 && map.Entries.TrueForAll(e => e.Value is not DataMap and not DataList { Items: [DataMap, ..] }):
                // A machine is a line.
                text.Append("@{ ").AppendJoin("; ", map.Entries.Select(e => $"{Key(e.Key)} = {Short(e.Value)}")).Append(" }");
                break;
            case DataMap map:
                text.Append("@{\n");
                foreach (DataEntry entry in map.Entries)
                {
                    Indent(text, depth + 1).Append(Key(entry.Key)).Append(" = ");
                    Write(text, entry.Value, depth + 1);
                    text.Append('\n');
                }
                Indent(text, depth).Append('}');
                break;
            case DataList { Items: [DataMap, ..] } list:
                text.Append("@(\n");
                foreach (DataValue item in list.Items)
                {
                    Indent(text, depth + 1);
                    Write(text, item, depth + 1);
                    text.Append('\n');
                }
                Indent(text, depth).Append(')');
                break;
            default: text.Append(Short(value)); break;
        }
    }

    static string Short(DataValue value) => value switch
    {
        DataList list => $"@({string.Join(", ", list.Items.Select(Short))})",
        DataScalar { Value: int number } => number.ToString(CultureInfo.InvariantCulture),
        DataScalar scalar => Quote($"{scalar.Value}"),
        _ => "",
    };

    static string Key(string key) => key.Length > 0 && char.IsAsciiLetter(key[0]) && key.All(char.IsAsciiLetterOrDigit) ? key : Quote(key);

    /// <summary>PowerShell takes every kind of single quotation mark for one.</summary>
    static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char c in text)
        {
            quoted.Append(c);
            if (Psd1Tree.IsSingleQuote(c)) quoted.Append(c);
        }
        return quoted.Append('\'').ToString();
    }

    static StringBuilder Indent(StringBuilder text, int depth) => text.Append(' ', depth * 4);
}
