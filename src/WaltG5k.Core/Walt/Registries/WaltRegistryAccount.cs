using System.Numerics;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Core.Walt.Registries;

/// <summary>An account at an image registry. WalT 10 wants one for every search, and for whatever comes from or goes to the Docker hub.</summary>
public sealed class WaltRegistryAccount(string userName, SecureString password)
{
    public string UserName { get; } = userName;

    /// <summary>
    /// What <c>get_registry_encrypted_credentials</c> is answered with: the password under a key that both sides derive from the server's public key
    /// and one of ours. It hides the password from whoever only listens; it does not prove who the server is.
    /// </summary>
    internal PythonDict Encrypt(BigInteger serverKey)
    {
        (BigInteger publicKey, BigInteger secret) = KeyAgreement.Agree(serverKey);
        byte[] clear = GetPassword();
        try
        {
            return PythonDict.Of(
                ("username", UserName), ("encrypted_password", new PythonBytes(new Blowfish(KeyAgreement.GetCipherKey(secret)).Encrypt(clear))),
                ("client_pub_key", new PythonInteger(publicKey)));
        }
        finally
        {
            Array.Clear(clear);
        }
    }

    byte[] GetPassword()
    {
        IntPtr text = Marshal.SecureStringToGlobalAllocUnicode(password);
        char[] characters = new char[password.Length];
        try
        {
            Marshal.Copy(text, characters, 0, characters.Length);
            return Encoding.UTF8.GetBytes(characters);
        }
        finally
        {
            Array.Clear(characters);
            Marshal.ZeroFreeGlobalAllocUnicode(text);
        }
    }
}
