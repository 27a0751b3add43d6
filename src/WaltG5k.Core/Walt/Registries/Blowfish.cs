using System.Buffers.Binary;
using System.Numerics;

namespace WaltG5k.Core.Walt.Registries;

/// <summary>
/// Schneier's Blowfish, block by block with the padding of PKCS 5: what WalT encrypts registry passwords with. .NET has none. Its tables are the
/// digits of pi, which are computed here.
/// </summary>
sealed class Blowfish
{
    const int Rounds = 16, BlockBytes = 8, SubkeyCount = Rounds + 2, BoxCount = 4, BoxSize = 256;

    static readonly Lazy<uint[]> s_pi = new(ComputePi);

    readonly uint[] _subkeys;
    readonly uint[][] _boxes;

    /// <param name="key">4 to 56 bytes.</param>
    public Blowfish(ReadOnlySpan<byte> key)
    {
        uint[] pi = s_pi.Value;
        _subkeys = pi[..SubkeyCount];
        _boxes = [.. Enumerable.Range(0, BoxCount).Select(i => pi[(SubkeyCount + i * BoxSize)..(SubkeyCount + (i + 1) * BoxSize)])];
        int position = 0;
        for (int i = 0; i < SubkeyCount; i++)
        {
            uint word = 0;
            for (int j = 0; j < 4; j++) word = word << 8 | key[position++ % key.Length];
            _subkeys[i] ^= word;
        }
        (uint left, uint right) = (0, 0);
        foreach (uint[] table in (uint[][])[_subkeys, .. _boxes])
        {
            for (int i = 0; i < table.Length; i += 2)
            {
                (left, right) = EncryptBlock(left, right);
                (table[i], table[i + 1]) = (left, right);
            }
        }
    }

    /// <summary>A text of any length; the result is up to 8 bytes longer.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> clear)
    {
        int padding = BlockBytes - clear.Length % BlockBytes;
        byte[] result = new byte[clear.Length + padding];
        clear.CopyTo(result);
        result.AsSpan(clear.Length).Fill((byte)padding);
        for (int i = 0; i < result.Length; i += BlockBytes)
        {
            Span<byte> block = result.AsSpan(i, BlockBytes);
            (uint left, uint right) = EncryptBlock(BinaryPrimitives.ReadUInt32BigEndian(block), BinaryPrimitives.ReadUInt32BigEndian(block[4..]));
            BinaryPrimitives.WriteUInt32BigEndian(block, left);
            BinaryPrimitives.WriteUInt32BigEndian(block[4..], right);
        }
        return result;
    }

    (uint Left, uint Right) EncryptBlock(uint left, uint right)
    {
        for (int i = 0; i < Rounds; i++)
        {
            left ^= _subkeys[i];
            right ^= ((_boxes[0][left >> 24] + _boxes[1][left >> 16 & 0xff]) ^ _boxes[2][left >> 8 & 0xff]) + _boxes[3][left & 0xff];
            (left, right) = (right, left);
        }
        (left, right) = (right, left);
        return (left ^ _subkeys[Rounds + 1], right ^ _subkeys[Rounds]);
    }

    /// <summary>The fraction of pi in words of 32 bits, by Machin's formula: pi = 16 arctan(1/5) − 4 arctan(1/239).</summary>
    static uint[] ComputePi()
    {
        const int words = SubkeyCount + BoxCount * BoxSize;
        const int guard = 64;
        BigInteger one = BigInteger.One << (words * 32 + guard);
        BigInteger fraction = (16 * ArcTangent(5, one) - 4 * ArcTangent(239, one) - 3 * one) >> guard;
        byte[] digits = fraction.ToByteArray(isUnsigned: true, isBigEndian: true);
        uint[] result = new uint[words];
        // The first digit is not zero (pi = 3.243F… in hexadecimal), so that no byte is missing in front.
        for (int i = 0; i < words; i++) result[i] = BinaryPrimitives.ReadUInt32BigEndian(digits.AsSpan(i * 4, 4));
        return result;
    }

    static BigInteger ArcTangent(int inverse, BigInteger one)
    {
        BigInteger power = one / inverse, sum = power;
        int square = inverse * inverse;
        for (int n = 3, sign = -1; !power.IsZero; n += 2, sign = -sign)
        {
            power /= square;
            sum += sign * (power / n);
        }
        return sum;
    }
}
