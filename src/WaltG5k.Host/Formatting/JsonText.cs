using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WaltG5k.Automation;

namespace WaltG5k.Host.Formatting;

/// <summary>
/// Objects as JSON: enumerations by name, durations as <c>00:00:20</c>, dates in ISO 8601; what lies deeper than asked is its text.
/// </summary>
static class JsonText
{
    public const int DefaultDepth = 4;

    public static string Of(object? value, int depth = DefaultDepth, bool indented = true)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options)) Write(writer, value, depth);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        value = EngineObjects.Unwrap(value);
        if (WriteScalar(writer, value)) return;
        if (depth < 0)
        {
            writer.WriteStringValue(Values.Text(value)); // the end of the depth is also what ends a cycle
            return;
        }
        switch (value)
        {
            case IDictionary dictionary:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in dictionary)
                {
                    writer.WritePropertyName(Values.Text(entry.Key));
                    Write(writer, entry.Value, depth - 1);
                }
                writer.WriteEndObject();
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (object? item in list) Write(writer, item, depth - 1);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                foreach (PSPropertyInfo property in PSObject.AsPSObject(value!).Properties)
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, Values.Of(property), depth - 1);
                }
                writer.WriteEndObject();
                break;
        }
    }

    static bool WriteScalar(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); return true;
            case string text: writer.WriteStringValue(text); return true;
            case bool truth: writer.WriteBooleanValue(truth); return true;
            case SwitchParameter present: writer.WriteBooleanValue(present); return true;
            case Enum named: writer.WriteStringValue(named.ToString()); return true;
            case double real when !double.IsFinite(real): writer.WriteStringValue(real.ToString(CultureInfo.InvariantCulture)); return true;
            case double real: writer.WriteNumberValue(real); return true;
            case float real: writer.WriteNumberValue(real); return true;
            case decimal exact: writer.WriteNumberValue(exact); return true;
            case ulong big: writer.WriteNumberValue(big); return true;
            case sbyte or byte or short or ushort or int or uint or long: writer.WriteNumberValue(
                Convert.ToInt64(value, CultureInfo.InvariantCulture)); return true;
            case TimeSpan span: writer.WriteStringValue(span.ToString("c", CultureInfo.InvariantCulture)); return true;
            case DateTimeOffset date: writer.WriteStringValue(
                date.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture)); return true;
            case DateTime date: writer.WriteStringValue(date.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture)); return true;
            case Uri or Guid or Version or char or Type or Exception or System.Net.IPAddress: writer.WriteStringValue(
                Values.Text(value)); return true;
            default: return false;
        }
    }
}
