using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace WaltG5k.Testbed.Walt.Streams;

/// <summary>
/// Reads one pickle off a connection, and not a byte more: protocols 2 to 5, plain values only. Types as <see cref="PythonReader"/> gives them;
/// integers beyond 64 bits are <see cref="BigInteger"/>. Anything that would call or import something, and anything malformed, is a
/// <see cref="FormatException"/>.
/// </summary>
internal sealed class PickleReader(Func<CancellationToken, ValueTask<byte>> next, CancellationToken cancellationToken)
{
    const int MaximumSize = 16 << 20;

    static readonly object s_mark = new();

    readonly Stack<object?> _stack = new();
    readonly Dictionary<int, object?> _memo = [];

    public static Task<object?> ReadAsync(StreamConnection connection, CancellationToken cancellationToken) =>
        new PickleReader(connection.ReadByteAsync, cancellationToken).ReadAsync();

    public async Task<object?> ReadAsync()
    {
        if (await ByteAsync().ConfigureAwait(false) != 0x80 || await ByteAsync().ConfigureAwait(false) is < 2 or > 5)
            throw new FormatException("no pickle of protocol 2 to 5");
        while (await ByteAsync().ConfigureAwait(false) is var code && code != '.') await ExecuteAsync(code).ConfigureAwait(false);
        return _stack.Count == 1 && _stack.Peek() != s_mark ? _stack.Pop() : throw new FormatException("a pickle of several values");
    }

    async Task ExecuteAsync(byte code)
    {
        switch (code)
        {
            case (byte)'N': _stack.Push(null); break;
            case 0x88: _stack.Push(true); break;
            case 0x89: _stack.Push(false); break;
            case (byte)'K': _stack.Push((long)await ByteAsync().ConfigureAwait(false)); break;
            case (byte)'M': _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(await BytesAsync(2).ConfigureAwait(false))); break;
            case (byte)'J': _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(await BytesAsync(4).ConfigureAwait(false))); break;
            case 0x8a: PushInteger(await BytesAsync(await ByteAsync().ConfigureAwait(false)).ConfigureAwait(false)); break;
            case 0x8b: PushInteger(await BytesAsync(await SizeAsync(4).ConfigureAwait(false)).ConfigureAwait(false)); break;
            case (byte)'G': _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(await BytesAsync(8).ConfigureAwait(false))); break;
            case 0x8c: _stack.Push(ToText(await BytesAsync(await ByteAsync().ConfigureAwait(false)).ConfigureAwait(false))); break;
            case (byte)'X': _stack.Push(ToText(await BytesAsync(await SizeAsync(4).ConfigureAwait(false)).ConfigureAwait(false))); break;
            case 0x8d: _stack.Push(ToText(await BytesAsync(await SizeAsync(8).ConfigureAwait(false)).ConfigureAwait(false))); break;
            case (byte)'C': _stack.Push(await BytesAsync(await ByteAsync().ConfigureAwait(false)).ConfigureAwait(false)); break;
            case (byte)'B': _stack.Push(await BytesAsync(await SizeAsync(4).ConfigureAwait(false)).ConfigureAwait(false)); break;
            case 0x8e: _stack.Push(await BytesAsync(await SizeAsync(8).ConfigureAwait(false)).ConfigureAwait(false)); break;
            case (byte)'(': _stack.Push(s_mark); break;
            case (byte)')': _stack.Push(Array.Empty<object?>()); break;
            case 0x85: _stack.Push(Pop(1)); break;
            case 0x86: _stack.Push(Pop(2)); break;
            case 0x87: _stack.Push(Pop(3)); break;
            case (byte)'t': _stack.Push(PopToMark()); break;
            case (byte)']': _stack.Push(new List<object?>()); break;
            case (byte)'a': Append(Pop(1)); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'}': _stack.Push(new Dictionary<string, object?>(StringComparer.Ordinal)); break;
            case (byte)'s': SetItems(Pop(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'q': _memo[await ByteAsync().ConfigureAwait(false)] = Top(); break;
            case (byte)'r': _memo[await SizeAsync(4).ConfigureAwait(false)] = Top(); break;
            case 0x94: _memo[_memo.Count] = Top(); break;
            case (byte)'h': Remember(await ByteAsync().ConfigureAwait(false)); break;
            case (byte)'j': Remember(await SizeAsync(4).ConfigureAwait(false)); break;
            case 0x95: await BytesAsync(8).ConfigureAwait(false); break;    // the length of a frame
            default: throw new FormatException($"the opcode 0x{code:x2} is for no plain value");
        }
    }

    void PushInteger(byte[] bytes)
    {
        BigInteger value = new(bytes);
        if (value >= long.MinValue && value <= long.MaxValue) _stack.Push((long)value);
        else _stack.Push(value);
    }

    /// <summary>UTF-8 with Python's "surrogatepass": a lone surrogate is three bytes like any other character there.</summary>
    static string ToText(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        while (bytes.IndexOf((byte)0xed) is var lead and >= 0)
        {
            bool isLone = lead + 2 < bytes.Length && bytes[lead + 1] >= 0xa0;
            int end = isLone ? lead : lead + 1;
            while (!isLone && end < bytes.Length && (bytes[end] & 0xc0) == 0x80) end++;
            text.Append(Encoding.UTF8.GetString(bytes[..end]));
            if (isLone) text.Append((char)(0xd000 | (bytes[lead + 1] & 0x3f) << 6 | (bytes[lead + 2] & 0x3f)));
            bytes = bytes[(isLone ? lead + 3 : end)..];
        }
        return text.Append(Encoding.UTF8.GetString(bytes)).ToString();
    }

    object? Top() => _stack.TryPeek(out object? top) && top != s_mark ? top : throw Underflow();

    void Remember(int index) => _stack.Push(_memo.TryGetValue(index, out object? value)
        ? value
        : throw new FormatException("nothing was remembered there"));

    object?[] Pop(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Top();
            _stack.Pop();
        }
        return items;
    }

    object?[] PopToMark()
    {
        List<object?> items = [];
        while (_stack.TryPop(out object? item))
        {
            if (item == s_mark) return [.. Enumerable.Reverse(items)];
            items.Add(item);
        }
        throw Underflow();
    }

    void Append(object?[] items) => (Top() as List<object?> ?? throw Underflow()).AddRange(items);

    void SetItems(object?[] items)
    {
        Dictionary<string, object?> target = Top() as Dictionary<string, object?> ?? throw Underflow();
        if (items.Length % 2 != 0) throw Underflow();
        for (int i = 0; i < items.Length; i += 2) target[items[i] as string ?? throw new FormatException("a key that is no text")] = items[i + 1];
    }

    static FormatException Underflow() => new("a pickle whose values do not fit together");

    ValueTask<byte> ByteAsync() => next(cancellationToken);

    async Task<byte[]> BytesAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) bytes[i] = await ByteAsync().ConfigureAwait(false);
        return bytes;
    }

    async Task<int> SizeAsync(int bytes)
    {
        byte[] size = await BytesAsync(bytes).ConfigureAwait(false);
        long value = bytes == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(size) : BinaryPrimitives.ReadInt64LittleEndian(size);
        return value is >= 0 and <= MaximumSize ? (int)value : throw new FormatException("a pickle of that size");
    }
}
