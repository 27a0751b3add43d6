using System.Text;

namespace WaltG5k.Testbed.Ssh;

/// <summary>Files of emulated nodes are texts; bytes that are none (in UTF-8) are kept too, each as a character of Unicode's private area.</summary>
internal static class NodeBytes
{
    const char First = '\uF700';
    static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    public static string ToText(byte[] bytes)
    {
        try { return s_strict.GetString(bytes); }
        catch (DecoderFallbackException) { return Keep(bytes); }
    }

    /// <summary>Bytes whose meaning is not known: they are kept as they are, but for plain ASCII.</summary>
    public static string OfUnknown(byte[] bytes) =>
        bytes.AsSpan().IndexOfAnyInRange((byte)0x80, (byte)0xff) < 0 ? Encoding.ASCII.GetString(bytes) : Keep(bytes);

    static string Keep(byte[] bytes) => string.Create(bytes.Length, bytes,
        static (text, source) => { for (int i = 0; i < text.Length; i++) text[i] = (char)(First + source[i]); });

    /// <summary>Whether it stands for bytes that are no text.</summary>
    public static bool AreBytes(string text) => text.Length > 0 && text.All(c => c is >= First and <= (char)(First + 255));

    public static byte[] FromText(string text) => AreBytes(text)
        ? [.. text.Select(c => (byte)(c - First))]
        : Encoding.UTF8.GetBytes(text);
}
