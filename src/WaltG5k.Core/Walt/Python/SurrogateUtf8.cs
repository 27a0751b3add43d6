using System.Text;

namespace WaltG5k.Core.Walt.Python;

/// <summary>UTF-8 that also carries lone surrogates, as Python's "surrogatepass": a file name that is no UTF-8 is such a text there.</summary>
static class SurrogateUtf8
{
    public static byte[] GetBytes(string text)
    {
        using MemoryStream output = new(text.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                output.Write(bytes[..rune.EncodeToUtf8(bytes)]);
                i += rune.Utf16SequenceLength - 1;
            }
            else
            {
                char lone = text[i];
                output.Write([(byte)(0xe0 | lone >> 12), (byte)(0x80 | (lone >> 6 & 0x3f)), (byte)(0x80 | (lone & 0x3f))]);
            }
        }
        return output.ToArray();
    }

    public static string GetString(ReadOnlySpan<byte> bytes)
    {
        if (IndexOfLone(bytes) < 0) return Encoding.UTF8.GetString(bytes);
        StringBuilder text = new(bytes.Length);
        for (int lone; (lone = IndexOfLone(bytes)) >= 0; bytes = bytes[(lone + 3)..])
            text.Append(Encoding.UTF8.GetString(bytes[..lone])).Append((char)(0xd000 | (bytes[lone + 1] & 0x3f) << 6 | (bytes[lone + 2] & 0x3f)));
        return text.Append(Encoding.UTF8.GetString(bytes)).ToString();
    }

    /// <summary>Where a lone surrogate's three bytes begin: no other character has a first byte of ED and a second one from A0 on.</summary>
    static int IndexOfLone(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i + 2 < bytes.Length; i++)
        {
            int next = bytes[i..].IndexOf((byte)0xed);
            if (next < 0) return -1;
            i += next;
            if (i + 2 < bytes.Length && bytes[i + 1] >= 0xa0) return i;
        }
        return -1;
    }
}
