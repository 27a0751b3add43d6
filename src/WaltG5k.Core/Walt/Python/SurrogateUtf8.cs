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
}
