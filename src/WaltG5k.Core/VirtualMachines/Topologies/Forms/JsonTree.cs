using System.Text;
using System.Text.Json;

namespace WaltG5k.Core.VirtualMachines.Topologies.Forms;

/// <summary>Reads JSON with the line of each value. Comments and a comma too many are let pass.</summary>
static class JsonTree
{
    const int MaximumDepth = 32;

    /// <exception cref="DataSyntaxException"/>
    public static DataValue Read(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaximumDepth };
        var reader = new Utf8JsonReader(bytes, options);
        try
        {
            var lines = new LineCounter(bytes);
            if (!reader.Read()) throw new DataSyntaxException(1, "There is nothing in it.");
            DataValue value = ReadValue(ref reader, ref lines);
            if (reader.Read()) throw new DataSyntaxException(lines.At(reader.TokenStartIndex), "The description ended before this.");
            return value;
        }
        catch (JsonException e)
        {
            string what = e.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
            throw new DataSyntaxException((int)(e.LineNumber ?? 0) + 1, $"This is no JSON: {what}");
        }
    }

    static DataValue ReadValue(ref Utf8JsonReader reader, ref LineCounter lines)
    {
        int line = lines.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new DataMap(line);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    string key = reader.GetString()!;
                    reader.Read();
                    map.Add(key, ReadValue(ref reader, ref lines));
                }
                return map;
            case JsonTokenType.StartArray:
                var list = new DataList(line);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Items.Add(ReadValue(ref reader, ref lines));
                return list;
            case JsonTokenType.String: return new DataScalar(line, reader.GetString());
            case JsonTokenType.Number: return new DataScalar(line, reader.TryGetInt64(out long number) ? number : reader.GetDouble());
            case JsonTokenType.True or JsonTokenType.False: return new DataScalar(line, reader.TokenType == JsonTokenType.True);
            default: return new DataScalar(line, null);
        }
    }

    /// <summary>Lines of positions that only grow.</summary>
    ref struct LineCounter(ReadOnlySpan<byte> text)
    {
        readonly ReadOnlySpan<byte> _text = text;
        long _position;
        int _line = 1;

        public int At(long position)
        {
            _line += _text[(int)_position..(int)position].Count((byte)'\n');
            _position = position;
            return _line;
        }
    }
}
