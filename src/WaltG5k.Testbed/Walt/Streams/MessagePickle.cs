using System.Buffers.Binary;
using System.Text;

namespace WaltG5k.Testbed.Walt.Streams;

/// <summary>Pickles of protocol 4 as CPython writes them for <c>(tag, text)</c> and <c>(tag, number)</c>.</summary>
internal static class MessagePickle
{
    public static byte[] Write(string tag, object value)
    {
        List<byte> body = [];
        AppendText(body, tag);
        if (value is string text) AppendText(body, text);
        else body.AddRange([(byte)'K', (byte)(int)value]);
        body.AddRange([0x86, 0x94, (byte)'.']);
        byte[] size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, body.Count);
        return [0x80, 4, 0x95, .. size, .. body];
    }

    static void AppendText(List<byte> body, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length < 256) body.AddRange([0x8c, (byte)bytes.Length]);
        else
        {
            byte[] size = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(size, bytes.Length);
            body.Add((byte)'X');
            body.AddRange(size);
        }
        body.AddRange(bytes);
        body.Add(0x94);
    }
}
