using System.Buffers.Binary;
using System.Numerics;

namespace WaltG5k.Core.Walt.Python;

/// <summary>
/// Reads pickles one after the other off a stream that nobody else reads: protocols 2 to 5, plain values only. Whatever would import or call
/// something is refused: a pickle of such kind is a program, and none of it is ever run here.
/// </summary>
sealed class PickleStreamReader(Stream stream)
{
    /// <summary>A longer text or number is none.</summary>
    const int MaximumSize = 16 << 20;

    const byte Stop = (byte)'.';

    byte[] _buffer = new byte[32 << 10];
    int _start;
    int _end;

    /// <summary>The next value; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">Something else than a pickle of plain values.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a pickle.</exception>
    public async ValueTask<PythonLiteral?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await TryFillAsync(1, cancellationToken).ConfigureAwait(false)) return null;
        if (await ByteAsync(cancellationToken).ConfigureAwait(false) != 0x80
            || await ByteAsync(cancellationToken).ConfigureAwait(false) is < 2 or > 5)
            throw new InvalidDataException("something else than a pickle of protocol 2 to 5");
        PickleStack stack = new();
        while (await ByteAsync(cancellationToken).ConfigureAwait(false) is var code && code != Stop)
        {
            int size = SizeOf(code);
            if (size < 0)
            {
                ReadOnlyMemory<byte> length = await BytesAsync(-size, cancellationToken).ConfigureAwait(false);
                size = ReadLength(length.Span);
            }
            ReadOnlyMemory<byte> argument = await BytesAsync(size, cancellationToken).ConfigureAwait(false);
            Execute(stack, code, argument.Span);
        }
        return stack.Finish();
    }

    /// <summary>How many bytes follow an opcode; negative where so many bytes give the number first.</summary>
    static int SizeOf(byte code) => code switch
    {
        (byte)'K' or (byte)'q' or (byte)'h' => 1,
        (byte)'M' => 2,
        (byte)'J' or (byte)'r' or (byte)'j' => 4,
        (byte)'G' or 0x95 => 8,
        0x8a or 0x8c or (byte)'C' => -1,
        0x8b or (byte)'X' or (byte)'B' => -4,
        0x8d or 0x8e => -8,
        _ => 0,
    };

    static void Execute(PickleStack stack, byte code, ReadOnlySpan<byte> argument)
    {
        switch (code)
        {
            case (byte)'N': stack.Push(PythonLiteral.None); break;
            case 0x88: stack.Push(PythonLiteral.True); break;
            case 0x89: stack.Push(PythonLiteral.False); break;
            case (byte)'K': stack.Push(argument[0]); break;
            case (byte)'M': stack.Push(BinaryPrimitives.ReadUInt16LittleEndian(argument)); break;
            case (byte)'J': stack.Push(BinaryPrimitives.ReadInt32LittleEndian(argument)); break;
            case 0x8a or 0x8b: stack.Push(new PythonInteger(new BigInteger(argument))); break;
            case (byte)'G': stack.Push(BinaryPrimitives.ReadDoubleBigEndian(argument)); break;
            case 0x8c or (byte)'X' or 0x8d: stack.Push(SurrogateUtf8.GetString(argument)); break;
            case (byte)'C' or (byte)'B' or 0x8e: stack.Push(new PythonBytes(argument.ToArray())); break;
            case (byte)'(': stack.Mark(); break;
            case (byte)')': stack.Push(PythonLiteral.EmptyTuple); break;
            case 0x85 or 0x86 or 0x87: stack.MakeTuple(code - 0x84); break;
            case (byte)'t': stack.MakeTuple(); break;
            case (byte)']': stack.Push(new PythonList([])); break;
            case (byte)'a': stack.Append(1); break;
            case (byte)'e': stack.Append(); break;
            case (byte)'}': stack.Push(PythonDict.Empty); break;
            case (byte)'s': stack.SetItems(1); break;
            case (byte)'u': stack.SetItems(); break;
            case (byte)'q': stack.Remember(argument[0]); break;
            case (byte)'r': stack.Remember(BinaryPrimitives.ReadInt32LittleEndian(argument)); break;
            case 0x94: stack.Remember(); break;
            case (byte)'h': stack.Recall(argument[0]); break;
            case (byte)'j': stack.Recall(BinaryPrimitives.ReadInt32LittleEndian(argument)); break;
            case 0x95: break;       // the length of a frame
            default: throw new InvalidDataException($"a pickle of more than plain values (opcode 0x{code:x2})");
        }
    }

    static int ReadLength(ReadOnlySpan<byte> bytes)
    {
        ulong length = bytes.Length switch { 1 => bytes[0], 4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes) };
        return length <= MaximumSize ? (int)length : throw new InvalidDataException($"a value of {length} bytes");
    }

    async ValueTask<byte> ByteAsync(CancellationToken cancellationToken)
    {
        await FillAsync(1, cancellationToken).ConfigureAwait(false);
        return _buffer[_start++];
    }

    /// <summary>The bytes are good until the next read.</summary>
    async ValueTask<ReadOnlyMemory<byte>> BytesAsync(int count, CancellationToken cancellationToken)
    {
        await FillAsync(count, cancellationToken).ConfigureAwait(false);
        _start += count;
        return _buffer.AsMemory(_start - count, count);
    }

    async ValueTask FillAsync(int count, CancellationToken cancellationToken)
    {
        if (!await TryFillAsync(count, cancellationToken).ConfigureAwait(false)) throw new EndOfStreamException("the stream ends within a pickle");
    }

    async ValueTask<bool> TryFillAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            if (_buffer.Length - _start < count)
            {
                byte[] target = count > _buffer.Length ? new byte[count] : _buffer;
                Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
                (_buffer, _end, _start) = (target, _end - _start, 0);
            }
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0) return false;
            _end += read;
        }
        return true;
    }
}
