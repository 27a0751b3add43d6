using System.Globalization;
using System.Text;
using System.Text.Json;

namespace WaltG5k.Core.Text;

/// <summary>
/// Tolerant reading of JSON token by token, for answers too large to be held as a document. Each method takes the value that the reader stands on,
/// gives null when it is of another kind, and leaves the reader at the value's end.
/// </summary>
static class JsonTokens
{
    /// <summary>No date that anybody means lies after the year 9000; later ones could not be added to.</summary>
    const long LastEpoch = 221_845_392_000;

    /// <summary>Copies the property name under the reader and gives its length: 0 for one that is longer than <paramref name="buffer"/>.</summary>
    public static int ReadKey(this ref Utf8JsonReader reader, scoped Span<char> buffer)
    {
        if (reader.ValueIsEscaped) return reader.ReadString() is var text && text.AsSpan().TryCopyTo(buffer) ? text.Length : 0;
        ReadOnlySpan<byte> name = reader.ValueSpan;
        return name.Length <= buffer.Length ? Encoding.Latin1.GetChars(name, buffer) : 0;
    }

    /// <summary>A string, or a number as it is written.</summary>
    public static string? ReadText(this ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String: return reader.ReadString();
            case JsonTokenType.Number: return Encoding.ASCII.GetString(reader.ValueSpan);
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>A whole number, also one written as a string.</summary>
    public static long? ReadLong(this ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number: return reader.TryGetInt64(out long number) ? number : null;
            case JsonTokenType.String: return reader.ReadNumberText();
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>The number that a string or a property name is.</summary>
    public static long? ReadNumberText(this ref Utf8JsonReader reader) =>
        long.TryParse(reader.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>The strings of an array.</summary>
    public static List<string>? ReadTexts(this ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String) texts.Add(reader.ReadString());
            else reader.Skip();
        }
        return texts;
    }

    /// <summary>The whole numbers of an array.</summary>
    public static List<long>? ReadLongs(this ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.ReadLong() is { } number) numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>An epoch in seconds; 0 stands for "not yet".</summary>
    public static DateTimeOffset? ToDate(long? epoch) =>
        epoch is > 0 and <= LastEpoch and { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>A string, whatever is wrong in it: half a surrogate pair or bytes that are no UTF-8 must not hide the rest of an answer.</summary>
    static string ReadString(this ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
