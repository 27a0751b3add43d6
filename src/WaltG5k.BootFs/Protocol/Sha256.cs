using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace WaltG5k.BootFs;

/// <summary>
/// SHA-256 (FIPS 180-4). .NET's own calls OpenSSL, which a static program of a few MB does not carry; a test compares the two.
/// </summary>
sealed class Sha256
{
    static readonly uint[] s_constants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    readonly uint[] _state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    readonly byte[] _rest = new byte[64];
    int _held;
    ulong _length;

    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        Sha256 hash = new();
        hash.Append(data);
        return hash.Finish();
    }

    public void AppendUInt64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Append(bytes);
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        _length += (ulong)data.Length;
        if (_held > 0)
        {
            int taken = Math.Min(64 - _held, data.Length);
            data[..taken].CopyTo(_rest.AsSpan(_held));
            _held += taken;
            data = data[taken..];
            if (_held < 64) return;
            Compress(_rest);
            _held = 0;
        }
        int whole = data.Length & ~63;
        Compress(data[..whole]);
        data[whole..].CopyTo(_rest);
        _held = data.Length - whole;
    }

    /// <summary>The hash; nothing may be appended afterwards.</summary>
    public byte[] Finish()
    {
        ulong bits = _length * 8;
        Span<byte> end = stackalloc byte[128];
        end.Clear();
        _rest.AsSpan(0, _held).CopyTo(end);
        end[_held] = 0x80;
        int length = _held < 56 ? 64 : 128;
        BinaryPrimitives.WriteUInt64BigEndian(end[(length - 8)..], bits);
        Compress(end[..length]);
        byte[] result = new byte[32];
        for (int i = 0; i < 8; i++) BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(4 * i), _state[i]);
        return result;
    }

    /// <summary>Unrolled by eight, on pointers: a node's processor may be an emulated one, and each block of its root passes here.</summary>
    unsafe void Compress(ReadOnlySpan<byte> blocks)
    {
        uint* w = stackalloc uint[64];
        fixed (uint* k = s_constants)
        fixed (byte* start = blocks)
        fixed (uint* state = _state)
        {
            for (byte* block = start, end = start + blocks.Length; block < end; block += 64)
            {
                for (int i = 0; i < 16; i++) w[i] = BinaryPrimitives.ReverseEndianness(*(uint*)(block + 4 * i));
                for (int i = 16; i < 64; i++)
                {
                    uint x = w[i - 15], y = w[i - 2];
                    w[i] = w[i - 16] + w[i - 7] + (BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3))
                        + (BitOperations.RotateRight(y, 17) ^ BitOperations.RotateRight(y, 19) ^ (y >> 10));
                }
                uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
                for (int i = 0; i < 64; i += 8)
                {
                    h += Mix(e, f, g) + k[i] + w[i];
                    d += h;
                    h += Majority(a, b, c);
                    g += Mix(d, e, f) + k[i + 1] + w[i + 1];
                    c += g;
                    g += Majority(h, a, b);
                    f += Mix(c, d, e) + k[i + 2] + w[i + 2];
                    b += f;
                    f += Majority(g, h, a);
                    e += Mix(b, c, d) + k[i + 3] + w[i + 3];
                    a += e;
                    e += Majority(f, g, h);
                    d += Mix(a, b, c) + k[i + 4] + w[i + 4];
                    h += d;
                    d += Majority(e, f, g);
                    c += Mix(h, a, b) + k[i + 5] + w[i + 5];
                    g += c;
                    c += Majority(d, e, f);
                    b += Mix(g, h, a) + k[i + 6] + w[i + 6];
                    f += b;
                    b += Majority(c, d, e);
                    a += Mix(f, g, h) + k[i + 7] + w[i + 7];
                    e += a;
                    a += Majority(b, c, d);
                }
                state[0] += a;
                state[1] += b;
                state[2] += c;
                state[3] += d;
                state[4] += e;
                state[5] += f;
                state[6] += g;
                state[7] += h;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Mix(uint e, uint f, uint g) =>
        (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + (g ^ (e & (f ^ g)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Majority(uint a, uint b, uint c) =>
        (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) | (c & (a | b)));
}
