using System.Management.Automation;
using WaltG5k.Core.Walt.Registries;

namespace WaltG5k.Commands;

/// <summary>A credential as an account at a registry.</summary>
internal static class RegistryAccount
{
    public static WaltRegistryAccount? From(PSCredential? credential) =>
        credential is null ? null : new WaltRegistryAccount(credential.UserName, credential.Password);
}
