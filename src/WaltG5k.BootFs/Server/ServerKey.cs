using System.Security.Cryptography;

namespace WaltG5k.BootFs;

/// <summary>The server's key pair (ECDSA, P-256), made at its first start and kept in a file that only its owner reads.</summary>
sealed class ServerKey : IDisposable
{
    readonly ECDsa _key;

    ServerKey(ECDsa key)
    {
        _key = key;
        ECParameters parameters = key.ExportParameters(includePrivateParameters: false);
        PublicKey = [(byte)(2 + (parameters.Q.Y![^1] & 1)), .. parameters.Q.X!];
    }

    /// <summary>33 bytes: 2 or 3, then x.</summary>
    public byte[] PublicKey { get; }

    public static ServerKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <exception cref="CryptographicException">The file has no such key.</exception>
    public static ServerKey Open(string path)
    {
        if (File.Exists(path))
        {
            ECDsa key = ECDsa.Create();
            try
            {
                key.ImportFromPem(File.ReadAllText(path));
            }
            catch (ArgumentException e)
            {
                throw new CryptographicException($"{path} has no key", e);
            }
            if (key.KeySize != 256) throw new CryptographicException($"{path} has a key of {key.KeySize} bits, not 256");
            return new ServerKey(key);
        }
        ServerKey made = Create();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using StreamWriter writer = new(path, options);
        writer.Write(made._key.ExportPkcs8PrivateKeyPem() + "\n");
        return made;
    }

    /// <summary>The signature of a hash of 32 bytes: r and s, 32 bytes each.</summary>
    public byte[] Sign(byte[] hash)
    {
        lock (_key) return _key.SignHash(hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public void Dispose() => _key.Dispose();
}
