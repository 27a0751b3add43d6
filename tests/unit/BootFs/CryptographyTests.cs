using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WaltG5k.BootFs;

namespace WaltG5k.Tests.BootFs;

/// <summary>The client's own SHA-256 and ECDSA against those of .NET.</summary>
public class CryptographyTests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Hashes_what_the_standard_shows(string text, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Sha256.Hash(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Hashes_as_dotnet_does_in_whatever_pieces() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        byte[] data = new byte[random.Next(1000)];
        random.NextBytes(data);
        Sha256 hash = new();
        for (int done = 0; done < data.Length;)
        {
            int count = Math.Min(data.Length - done, random.Next(200));
            hash.Append(data.AsSpan(done, count));
            done += count;
        }
        Assert.Equal(SHA256.HashData(data), hash.Finish());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Accepts_the_signatures_that_dotnet_makes_and_no_other() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        using ServerKey key = ServerKey.Create();
        using ServerKey other = ServerKey.Create();
        byte[] hash = new byte[32];
        random.NextBytes(hash);
        byte[] signature = key.Sign(hash);
        Assert.True(P256.Verify(key.PublicKey, hash, signature));
        Assert.False(P256.Verify(other.PublicKey, hash, signature));
        Assert.False(P256.Verify(key.PublicKey, Changed(hash, random), signature));
        Assert.False(P256.Verify(key.PublicKey, hash, Changed(signature, random)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void Verifies_the_example_of_RFC_6979()
    {
        byte[] key = Convert.FromHexString("0360FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6");
        byte[] hash = SHA256.HashData("sample"u8);
        byte[] signature = Convert.FromHexString(
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
        Assert.True(P256.Verify(key, hash, signature));
        Assert.False(P256.Verify(key, SHA256.HashData("test"u8), signature));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    public void Refuses_numbers_out_of_range(string number)
    {
        using ServerKey key = ServerKey.Create();
        byte[] hash = new byte[32], value = Convert.FromHexString(number.PadLeft(64, '0')), good = key.Sign(hash);
        Assert.False(P256.Verify(key.PublicKey, hash, [.. value, .. good[32..]]));
        Assert.False(P256.Verify(key.PublicKey, hash, [.. good[..32], .. value]));
    }

    [Fact]
    public void Refuses_what_is_no_key()
    {
        using ServerKey key = ServerKey.Create();
        Assert.True(P256.IsPublicKey(key.PublicKey));
        Assert.False(P256.IsPublicKey(key.PublicKey.AsSpan(1)));
        Assert.False(P256.IsPublicKey([4, .. key.PublicKey[1..]]));
        Assert.False(P256.IsPublicKey([2, .. Enumerable.Repeat((byte)255, 32)]));
    }

    static byte[] Changed(byte[] bytes, Random random)
    {
        byte[] changed = [.. bytes];
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }
}
