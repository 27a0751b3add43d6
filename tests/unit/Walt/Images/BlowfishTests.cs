using System.Numerics;
using System.Security;
using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Registries;

namespace WaltG5k.Tests.Walt.Images;

/// <summary>What hides a registry's password on its way to the server.</summary>
public sealed class BlowfishTests
{
    /// <summary>The published vectors of the cipher, for keys of 8 bytes; the second block is the padding.</summary>
    [Theory]
    [InlineData("0000000000000000", "0000000000000000", "4EF997456198DD78")]
    [InlineData("FFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFF", "51866FD5B85ECB8A")]
    [InlineData("0123456789ABCDEF", "1111111111111111", "61F9C3802281B096")]
    [InlineData("FEDCBA9876543210", "0123456789ABCDEF", "0ACEAB0FC6A0A28D")]
    public void The_cipher_agrees_with_the_published_vectors(string key, string clear, string cipher) =>
        Assert.Equal(cipher, Convert.ToHexString(new Blowfish(Convert.FromHexString(key)).Encrypt(Convert.FromHexString(clear)))[..16]);

    [Theory]
    [InlineData(0, 8)]
    [InlineData(7, 8)]
    [InlineData(8, 16)]
    public void A_password_is_padded_to_whole_blocks(int length, int expected) =>
        Assert.Equal(expected, new Blowfish(new byte[56]).Encrypt(new byte[length]).Length);

    [Fact]
    public void The_key_is_the_lowest_448_bits_of_the_secret_and_never_the_same_twice()
    {
        Assert.NotEqual(KeyAgreement.Agree(4).PublicKey, KeyAgreement.Agree(4).PublicKey);
        Assert.Equal([.. new byte[55], 5], KeyAgreement.GetCipherKey(5));
        Assert.Equal([.. new byte[55], 7], KeyAgreement.GetCipherKey((BigInteger.One << 448) + 7));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_key_that_protects_nothing_gets_no_password(int key)
    {
        SecureString password = new();
        password.AppendChar('x');
        Assert.Equal("RpcProtocolError", Assert.Throws<G5kException>(() => new WaltRegistryAccount("jdoe", password).Encrypt(key)).Code);
    }

    /// <summary>
    /// The test plays the server: it knows its own exponent, derives the key from the client's public one and encrypts the same password.
    /// </summary>
    [Fact]
    public void The_server_derives_the_key_from_what_it_is_sent()
    {
        SecureString password = new();
        foreach (char c in "sécret") password.AppendChar(c);
        BigInteger prime = BigInteger.Parse("0" + PrimeHex, System.Globalization.NumberStyles.AllowHexSpecifier,
            System.Globalization.CultureInfo.InvariantCulture);
        BigInteger generator = BigInteger.Parse("0" + GeneratorHex, System.Globalization.NumberStyles.AllowHexSpecifier,
            System.Globalization.CultureInfo.InvariantCulture), exponent = 123456789;
        PythonDict answer = new WaltRegistryAccount("jdoe", password).Encrypt(BigInteger.ModPow(generator, exponent, prime));
        Assert.Equal("jdoe", answer["username"]!.AsString());
        BigInteger secret = BigInteger.ModPow(Assert.IsType<PythonInteger>(answer["client_pub_key"]).Value, exponent, prime);
        byte[] expected = new Blowfish(KeyAgreement.GetCipherKey(secret)).Encrypt(Encoding.UTF8.GetBytes("sécret"));
        Assert.Equal(expected, Assert.IsType<PythonBytes>(answer["encrypted_password"]).Value.ToArray());
    }

    const string PrimeHex =
        "87A8E61DB4B6663CFFBBD19C651959998CEEF608660DD0F25D2CEED4435E3B00E00DF8F1D61957D4FAF7DF4561B2AA3016C3D91134096FAA3BF4296D830E9A7C209E0C6497517ABD5A8A9D306BCF67ED"
        + "91F9E6725B4758C022E0B1EF4275BF7B6C5BFC11D45F9088B941F54EB1E59BB8BC39A0BF12307F5C4FDB70C581B23F76B63ACAE1CAA6B7902D52526735488A0EF13C6D9A51BFA4AB3AD8347796524D8E"
        + "F6A167B5A41825D967E144E5140564251CCACB83E6B486F6B3CA3F7971506026C0B857F689962856DED4010ABD0BE621C3A3960A54E710C375F26375D7014103A4B54330C198AF126116D2276E11715F"
        + "693877FAD7EF09CADB094AE91E1A1597";

    const string GeneratorHex =
        "3FB32C9B73134D0B2E77506660EDBD484CA7B18F21EF205407F4793A1A0BA12510DBC15077BE463FFF4FED4AAC0BB555BE3A6C1B0C6B47B1BC3773BF7E8C6F62901228F8C28CBB18A55AE31341000A65"
        + "0196F931C77A57F2DDF463E5E9EC144B777DE62AAAB8A8628AC376D282D6ED3864E67982428EBC831D14348F6F2F9193B5045AF2767164E1DFC967C1FB3F2E55A4BD1BFFE83B9C80D052B985D182EA0A"
        + "DB2A3B7313D3FE14C8484B1E052588B9B7D2BBD2DF016199ECD06E1557CD0915B3353BBB64E0EC377FD028370DF92B52C7891428CDC67EB6184B523D1DB246C32F63078490F00EF8D647D148D4795451"
        + "5E2327CFEF98C582664B4C0F6CC41659";
}
