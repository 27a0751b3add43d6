using System.Management.Automation.Internal;
using System.Security;

namespace System.Management.Automation;

/// <summary>Turns the argument as typed into what the parameter takes, before any type conversion.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ArgumentTransformationAttribute : CmdletMetadataAttribute
{
    public abstract object? Transform(EngineIntrinsics engineIntrinsics, object? inputData);

    /// <summary>Whether an optional parameter that was given null is transformed too.</summary>
    public virtual bool TransformNullOptionalParameters => true;
}

/// <summary>Lets a user name stand for a credential: the password is asked for.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class CredentialAttribute : ArgumentTransformationAttribute
{
    public override bool TransformNullOptionalParameters => false;

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        object? value = PSObject.Unwrap(inputData);
        if (value is PSCredential or null) return value;
        if (value is not string user) return inputData;
        using SecureString password = engineIntrinsics.Host.UI.ReadLineAsSecureString();
        return new PSCredential(user, password.Copy());
    }
}
