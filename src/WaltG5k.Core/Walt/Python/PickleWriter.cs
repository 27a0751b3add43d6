using System.Buffers.Binary;
using System.Numerics;

namespace WaltG5k.Core.Walt.Python;

/// <summary>
/// Writes plain Python values as a pickle of protocol 4, which a WalT server expects as parameters of a stream. Only values: no classes, no calls,
/// no references, so that nothing but data can ever be loaded from what is written here.
/// </summary>
static class PickleWriter
{
    static ReadOnlySpan<byte> Header => [0x80, 4];
    const byte Stop = (byte)'.', Mark = (byte)'(';

    public static byte[] Write(PythonLiteral value)
    {
        using MemoryStream output = new();
        output.Write(Header);
        Append(output, value);
        output.WriteByte(Stop);
        return output.ToArray();
    }

    static void Append(MemoryStream output, PythonLiteral value)
    {
        switch (value)
        {
            case PythonNone: output.WriteByte((byte)'N'); break;
            case PythonBoolean boolean: output.WriteByte(boolean.Value ? (byte)0x88 : (byte)0x89); break;
            case PythonInteger integer: AppendInteger(output, integer.Value); break;
            case PythonFloat number: AppendFloat(output, number.Value); break;
            case PythonString text: AppendSized(output, 0x8c, (byte)'X', SurrogateUtf8.GetBytes(text.Value)); break;
            case PythonBytes bytes: AppendSized(output, (byte)'C', (byte)'B', bytes.Value.Span); break;
            case PythonTuple tuple: AppendTuple(output, tuple.Items); break;
            case PythonList list: AppendList(output, list.Items); break;
            case PythonDict dict: AppendDict(output, dict.Entries); break;
            default: throw new ArgumentException($"{value.GetType().Name} has no pickle.", nameof(value));
        }
    }

    static void AppendInteger(MemoryStream output, BigInteger value)
    {
        if (value >= 0 && value <= byte.MaxValue)
        {
            output.Write([(byte)'K', (byte)value]);
        }
        else if (value >= int.MinValue && value <= int.MaxValue)
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(four, (int)value);
            output.WriteByte((byte)'J');
            output.Write(four);
        }
        else
        {
            // Two's complement, least byte first, as few bytes as keep the sign: what BigInteger gives too.
            byte[] bytes = value.ToByteArray();
            AppendSized(output, 0x8a, 0x8b, bytes);
        }
    }

    static void AppendFloat(MemoryStream output, double value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(eight, value);
        output.WriteByte((byte)'G');
        output.Write(eight);
    }

    /// <summary>An opcode, a length (of one byte where it fits, else of four, least first) and the bytes.</summary>
    static void AppendSized(MemoryStream output, byte shortCode, byte longCode, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= byte.MaxValue)
        {
            output.Write([shortCode, (byte)bytes.Length]);
        }
        else
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(four, bytes.Length);
            output.WriteByte(longCode);
            output.Write(four);
        }
        output.Write(bytes);
    }

    static void AppendTuple(MemoryStream output, IReadOnlyList<PythonLiteral> items)
    {
        if (items.Count > 3) output.WriteByte(Mark);
        foreach (PythonLiteral item in items) Append(output, item);
        output.WriteByte(items.Count switch { 0 => (byte)')', 1 => 0x85, 2 => 0x86, 3 => 0x87, _ => (byte)'t' });
    }

    static void AppendList(MemoryStream output, IReadOnlyList<PythonLiteral> items)
    {
        output.WriteByte((byte)']');
        if (items.Count == 0) return;
        output.WriteByte(Mark);
        foreach (PythonLiteral item in items) Append(output, item);
        output.WriteByte((byte)'e');
    }

    static void AppendDict(MemoryStream output, IReadOnlyList<KeyValuePair<PythonLiteral, PythonLiteral>> entries)
    {
        output.WriteByte((byte)'}');
        if (entries.Count == 0) return;
        output.WriteByte(Mark);
        foreach ((PythonLiteral key, PythonLiteral item) in entries)
        {
            Append(output, key);
            Append(output, item);
        }
        output.WriteByte((byte)'u');
    }
}
