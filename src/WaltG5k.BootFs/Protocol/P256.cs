namespace WaltG5k.BootFs;

/// <summary>
/// Checks ECDSA signatures on the curve P-256 (FIPS 186-5). Signing is left to .NET on the server; the client's static program has no OpenSSL.
/// Nothing secret is handled here.
/// </summary>
static class P256
{
    static readonly Field s_p = new("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    static readonly Field s_n = new("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    static readonly ulong[] s_b = Coordinate("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");
    static readonly Point s_generator = new(
        Coordinate("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"),
        Coordinate("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"), s_p.One);

    /// <summary>A point in Jacobian coordinates, in Montgomery's form; z is 0 at infinity.</summary>
    sealed record Point(ulong[] X, ulong[] Y, ulong[] Z)
    {
        public bool IsInfinite => Field.IsZero(Z);
    }

    /// <param name="publicKey">33 bytes: 2 or 3, then x.</param>
    /// <param name="hash">32 bytes.</param>
    /// <param name="signature">r and s, 32 bytes each.</param>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Limits.Signature || hash.Length != Limits.Hash || Decompress(publicKey) is not Point key) return false;
        ulong[] r = Field.FromBytes(signature[..32]), s = Field.FromBytes(signature[32..]);
        if (Field.IsZero(r) || Field.IsZero(s) || !s_n.IsBelowModulus(r) || !s_n.IsBelowModulus(s)) return false;
        ulong[] inverse = s_n.Invert(s_n.Enter(s));
        ulong[] u = s_n.Leave(s_n.Multiply(s_n.Enter(s_n.Reduce(Field.FromBytes(hash))), inverse));
        ulong[] v = s_n.Leave(s_n.Multiply(s_n.Enter(r), inverse));
        Point sum = Combine(u, v, key);
        if (sum.IsInfinite) return false;
        ulong[] x = s_p.Leave(s_p.Multiply(sum.X, s_p.Square(s_p.Invert(sum.Z))));
        return Field.AreEqual(s_n.Reduce(x), r);
    }

    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey) => Decompress(publicKey) is not null;

    static Point? Decompress(ReadOnlySpan<byte> key)
    {
        if (key.Length != Limits.PublicKey || key[0] is not (2 or 3)) return null;
        ulong[] x = Field.FromBytes(key[1..]);
        if (!s_p.IsBelowModulus(x)) return null;
        x = s_p.Enter(x);
        // y² = x³ - 3x + b
        ulong[] right = s_p.Add(s_p.Subtract(s_p.Multiply(s_p.Square(x), x), s_p.Add(s_p.Add(x, x), x)), s_b);
        if (s_p.SquareRoot(right) is not ulong[] y) return null;
        if ((s_p.Leave(y)[0] & 1) != (ulong)(key[0] & 1)) y = s_p.Subtract(new ulong[4], y);
        return new Point(x, y, s_p.One);
    }

    /// <summary>u times the generator plus v times the key, bit by bit for both.</summary>
    static Point Combine(ulong[] u, ulong[] v, Point key)
    {
        Point both = Add(s_generator, key);
        Point result = new(s_p.One, s_p.One, new ulong[4]);
        for (int bit = 255; bit >= 0; bit--)
        {
            result = Double(result);
            bool first = (u[bit >> 6] >> (bit & 63) & 1) != 0, second = (v[bit >> 6] >> (bit & 63) & 1) != 0;
            if (first || second) result = Add(result, first ? second ? both : s_generator : key);
        }
        return result;
    }

    static Point Double(Point a)
    {
        if (a.IsInfinite || Field.IsZero(a.Y)) return a with { Z = new ulong[4] };
        ulong[] delta = s_p.Square(a.Z), gamma = s_p.Square(a.Y), beta = s_p.Multiply(a.X, gamma);
        ulong[] slope = s_p.Multiply(s_p.Subtract(a.X, delta), s_p.Add(a.X, delta));
        slope = s_p.Add(s_p.Add(slope, slope), slope);
        ulong[] beta2 = s_p.Add(beta, beta), beta4 = s_p.Add(beta2, beta2), beta8 = s_p.Add(beta4, beta4);
        ulong[] x = s_p.Subtract(s_p.Square(slope), beta8);
        ulong[] z = s_p.Subtract(s_p.Subtract(s_p.Square(s_p.Add(a.Y, a.Z)), gamma), delta);
        ulong[] square = s_p.Square(gamma), square2 = s_p.Add(square, square), square4 = s_p.Add(square2, square2);
        return new Point(x, s_p.Subtract(s_p.Multiply(slope, s_p.Subtract(beta4, x)), s_p.Add(square4, square4)), z);
    }

    static Point Add(Point a, Point b)
    {
        if (a.IsInfinite) return b;
        if (b.IsInfinite) return a;
        ulong[] za = s_p.Square(a.Z), zb = s_p.Square(b.Z);
        ulong[] ua = s_p.Multiply(a.X, zb), ub = s_p.Multiply(b.X, za);
        ulong[] sa = s_p.Multiply(a.Y, s_p.Multiply(b.Z, zb)), sb = s_p.Multiply(b.Y, s_p.Multiply(a.Z, za));
        ulong[] h = s_p.Subtract(ub, ua), r = s_p.Subtract(sb, sa);
        if (Field.IsZero(h)) return Field.IsZero(r) ? Double(a) : a with { Z = new ulong[4] };
        ulong[] h2 = s_p.Square(h), h3 = s_p.Multiply(h2, h), w = s_p.Multiply(ua, h2);
        ulong[] x = s_p.Subtract(s_p.Subtract(s_p.Square(r), h3), s_p.Add(w, w));
        ulong[] y = s_p.Subtract(s_p.Multiply(r, s_p.Subtract(w, x)), s_p.Multiply(sa, h3));
        return new Point(x, y, s_p.Multiply(h, s_p.Multiply(a.Z, b.Z)));
    }

    static ulong[] Coordinate(string hex) => s_p.Enter(Field.FromBytes(Convert.FromHexString(hex)));
}
