using System.Buffers.Binary;

namespace WaltG5k.BootFs;

/// <summary>
/// Arithmetic modulo an odd number of 256 bits, in Montgomery's form: numbers are four words, the lowest first. Its time depends on the numbers, so
/// it is fit for what is public only.
/// </summary>
sealed class Field
{
    readonly ulong[] _modulus;
    readonly ulong _inverse;
    readonly ulong[] _square;

    public Field(string modulus)
    {
        _modulus = FromBytes(Convert.FromHexString(modulus));
        // Newton: each step doubles the bits of the inverse of the lowest word.
        ulong inverse = 1;
        for (int i = 0; i < 6; i++) inverse *= 2 - _modulus[0] * inverse;
        _inverse = 0 - inverse;
        // 2^512 modulo the modulus, by doubling 1.
        ulong[] value = [1, 0, 0, 0];
        for (int i = 0; i < 512; i++) value = Add(value, value);
        _square = value;
        One = Enter([1, 0, 0, 0]);
    }

    /// <summary>1 in Montgomery's form.</summary>
    public ulong[] One { get; }

    public static ulong[] FromBytes(ReadOnlySpan<byte> bytes)
    {
        ulong[] value = new ulong[4];
        for (int i = 0; i < 4; i++) value[3 - i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(8 * i)..]);
        return value;
    }

    public static bool IsZero(ulong[] a) => (a[0] | a[1] | a[2] | a[3]) == 0;
    public static bool AreEqual(ulong[] a, ulong[] b) => a.AsSpan().SequenceEqual(b);
    public bool IsBelowModulus(ulong[] a) => Compare(a, _modulus) < 0;

    public ulong[] Enter(ulong[] a) => Multiply(a, _square);
    public ulong[] Leave(ulong[] a) => Multiply(a, [1, 0, 0, 0]);

    /// <summary>A number below 2^256 taken modulo the modulus, which is above 2^255.</summary>
    public ulong[] Reduce(ulong[] a) => IsBelowModulus(a) ? a : Minus(a, _modulus, out _);

    public ulong[] Add(ulong[] a, ulong[] b)
    {
        ulong[] sum = new ulong[4];
        ulong carry = 0;
        for (int i = 0; i < 4; i++)
        {
            UInt128 part = (UInt128)a[i] + b[i] + carry;
            sum[i] = (ulong)part;
            carry = (ulong)(part >> 64);
        }
        return carry != 0 || !IsBelowModulus(sum) ? Minus(sum, _modulus, out _) : sum;
    }

    public ulong[] Subtract(ulong[] a, ulong[] b)
    {
        ulong[] difference = Minus(a, b, out bool isNegative);
        return isNegative ? Plus(difference, _modulus) : difference;
    }

    public ulong[] Multiply(ulong[] a, ulong[] b)
    {
        Span<ulong> t = stackalloc ulong[6];
        t.Clear();
        for (int i = 0; i < 4; i++)
        {
            ulong carry = 0;
            for (int j = 0; j < 4; j++) t[j] = MultiplyAdd(a[j], b[i], t[j], ref carry);
            UInt128 top = (UInt128)t[4] + carry;
            t[4] = (ulong)top;
            t[5] = (ulong)(top >> 64);
            ulong factor = t[0] * _inverse;
            carry = 0;
            MultiplyAdd(factor, _modulus[0], t[0], ref carry);
            for (int j = 1; j < 4; j++) t[j - 1] = MultiplyAdd(factor, _modulus[j], t[j], ref carry);
            top = (UInt128)t[4] + carry;
            t[3] = (ulong)top;
            t[4] = t[5] + (ulong)(top >> 64);
        }
        ulong[] result = [t[0], t[1], t[2], t[3]];
        return t[4] != 0 || !IsBelowModulus(result) ? Minus(result, _modulus, out _) : result;
    }

    public ulong[] Square(ulong[] a) => Multiply(a, a);

    public ulong[] Power(ulong[] a, ulong[] exponent)
    {
        ulong[] result = One;
        for (int bit = 255; bit >= 0; bit--)
        {
            result = Square(result);
            if ((exponent[bit >> 6] >> (bit & 63) & 1) != 0) result = Multiply(result, a);
        }
        return result;
    }

    /// <summary>The inverse of a number that is not 0; the modulus is prime.</summary>
    public ulong[] Invert(ulong[] a) => Power(a, Minus(_modulus, [2, 0, 0, 0], out _));

    /// <summary>The square root, where there is one; for a prime modulus that is 3 modulo 4.</summary>
    public ulong[]? SquareRoot(ulong[] a)
    {
        ulong[] exponent = Plus(_modulus, [1, 0, 0, 0]);
        for (int i = 0; i < 4; i++) exponent[i] = exponent[i] >> 2 | (i < 3 ? exponent[i + 1] << 62 : 0);
        ulong[] root = Power(a, exponent);
        return AreEqual(Square(root), a) ? root : null;
    }

    static ulong MultiplyAdd(ulong a, ulong b, ulong c, ref ulong carry)
    {
        UInt128 value = (UInt128)a * b + c + carry;
        carry = (ulong)(value >> 64);
        return (ulong)value;
    }

    static int Compare(ulong[] a, ulong[] b)
    {
        for (int i = 3; i >= 0; i--)
        {
            if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
        }
        return 0;
    }

    static ulong[] Plus(ulong[] a, ulong[] b)
    {
        ulong[] sum = new ulong[4];
        UInt128 carry = 0;
        for (int i = 0; i < 4; i++)
        {
            carry += (UInt128)a[i] + b[i];
            sum[i] = (ulong)carry;
            carry >>= 64;
        }
        return sum;
    }

    static ulong[] Minus(ulong[] a, ulong[] b, out bool isNegative)
    {
        ulong[] difference = new ulong[4];
        ulong borrow = 0;
        for (int i = 0; i < 4; i++)
        {
            UInt128 part = (UInt128)a[i] - b[i] - borrow;
            difference[i] = (ulong)part;
            borrow = (ulong)(part >> 64) & 1;
        }
        isNegative = borrow != 0;
        return difference;
    }
}
