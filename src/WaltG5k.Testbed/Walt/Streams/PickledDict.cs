using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace WaltG5k.Testbed.Walt.Streams;

/// <summary>
/// Writes a dict of texts and numbers as Python's pickle module does with protocol 4: framed, every text remembered though nobody asks for it.
/// </summary>
internal static class PickledDict
{
    public static byte[] Write(IEnumerable<KeyValuePair<string, object>> dict)
    {
        using MemoryStream body = new();
        body.Write([(byte)'}', 0x94, (byte)'(']);
        foreach ((string key, object value) in dict)
        {
            AppendText(body, key);
            switch (value)
            {
                case double number: AppendNumber(body, number); break;
                default: AppendText(body, Convert.ToString(value, CultureInfo.InvariantCulture)!); break;
            }
        }
        body.Write([(byte)'u', (byte)'.']);

        byte[] pickle = new byte[11 + body.Length];
        pickle[0] = 0x80;
        pickle[1] = 4;
        pickle[2] = 0x95;
        BinaryPrimitives.WriteInt64LittleEndian(pickle.AsSpan(3), body.Length);
        body.ToArray().CopyTo(pickle, 11);
        return pickle;
    }

    static void AppendNumber(MemoryStream body, double number)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(eight, number);
        body.WriteByte((byte)'G');
        body.Write(eight);
    }

    static void AppendText(MemoryStream body, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length < 256) body.Write([0x8c, (byte)bytes.Length]);
        else
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(four, bytes.Length);
            body.WriteByte((byte)'X');
            body.Write(four);
        }
        body.Write(bytes);
        body.WriteByte(0x94);
    }
}
