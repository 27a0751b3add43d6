using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace WaltG5k.Core.Walt.Registries;

/// <summary>Diffie and Hellman's key agreement in the 2048-bit group of RFC 5114, section 2.3, with which WalT passes passwords.</summary>
static class KeyAgreement
{
    /// <summary>The subgroup has an order of 256 bits; a longer exponent adds nothing.</summary>
    const int ExponentBytes = 64;

    /// <summary>Blowfish takes a key of at most 448 bits: the lowest of the secret.</summary>
    const int CipherKeyBytes = 56;

    static readonly BigInteger s_prime = Read(
        "87A8E61DB4B6663CFFBBD19C651959998CEEF608660DD0F25D2CEED4435E3B00E00DF8F1D61957D4FAF7DF4561B2AA3016C3D91134096FAA3BF4296D830E9A7C"
        + "209E0C6497517ABD5A8A9D306BCF67ED91F9E6725B4758C022E0B1EF4275BF7B6C5BFC11D45F9088B941F54EB1E59BB8BC39A0BF12307F5C4FDB70C581B23F76"
        + "B63ACAE1CAA6B7902D52526735488A0EF13C6D9A51BFA4AB3AD8347796524D8EF6A167B5A41825D967E144E5140564251CCACB83E6B486F6B3CA3F7971506026"
        + "C0B857F689962856DED4010ABD0BE621C3A3960A54E710C375F26375D7014103A4B54330C198AF126116D2276E11715F693877FAD7EF09CADB094AE91E1A1597");

    static readonly BigInteger s_generator = Read(
        "3FB32C9B73134D0B2E77506660EDBD484CA7B18F21EF205407F4793A1A0BA12510DBC15077BE463FFF4FED4AAC0BB555BE3A6C1B0C6B47B1BC3773BF7E8C6F62"
        + "901228F8C28CBB18A55AE31341000A650196F931C77A57F2DDF463E5E9EC144B777DE62AAAB8A8628AC376D282D6ED3864E67982428EBC831D14348F6F2F9193"
        + "B5045AF2767164E1DFC967C1FB3F2E55A4BD1BFFE83B9C80D052B985D182EA0ADB2A3B7313D3FE14C8484B1E052588B9B7D2BBD2DF016199ECD06E1557CD0915"
        + "B3353BBB64E0EC377FD028370DF92B52C7891428CDC67EB6184B523D1DB246C32F63078490F00EF8D647D148D47954515E2327CFEF98C582664B4C0F6CC41659");

    /// <summary>A fresh key: the public part, and what it and the peer's give together.</summary>
    /// <exception cref="G5kException"><c>RpcProtocolError</c>: the peer's key would give a secret that anybody knows.</exception>
    public static (BigInteger PublicKey, BigInteger Secret) Agree(BigInteger peerKey)
    {
        if (peerKey <= 1 || peerKey >= s_prime - 1)
            throw new G5kException("RpcProtocolError", ErrorKind.ProtocolError,
                "The WalT server sent a public key that protects nothing: no password was sent.", null, "Is it WalT 10?");
        BigInteger exponent = new(RandomNumberGenerator.GetBytes(ExponentBytes), isUnsigned: true);
        return (BigInteger.ModPow(s_generator, exponent, s_prime), BigInteger.ModPow(peerKey, exponent, s_prime));
    }

    public static byte[] GetCipherKey(BigInteger secret)
    {
        byte[] bytes = secret.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] key = new byte[CipherKeyBytes];
        int count = Math.Min(bytes.Length, key.Length);
        bytes.AsSpan(bytes.Length - count).CopyTo(key.AsSpan(key.Length - count));
        return key;
    }

    static BigInteger Read(string hexadecimal) => BigInteger.Parse("0" + hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
