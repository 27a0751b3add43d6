using System.Collections;
using System.Management.Automation.Internal;

namespace System.Management.Automation;

/// <summary>Refuses an argument by throwing <see cref="ValidationMetadataException"/>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ValidateArgumentsAttribute : CmdletMetadataAttribute
{
    protected abstract void Validate(object? arguments, EngineIntrinsics engineIntrinsics);

    internal void Check(object? arguments, EngineIntrinsics engineIntrinsics) => Validate(arguments, engineIntrinsics);
}

/// <summary>Checks each element of a collection.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ValidateEnumeratedArgumentsAttribute : ValidateArgumentsAttribute
{
    protected abstract void ValidateElement(object? element);

    protected sealed override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (PSObject.Unwrap(arguments) is not null and IEnumerable list and not string)
        {
            foreach (object? element in list) ValidateElement(PSObject.Unwrap(element));
            return;
        }
        ValidateElement(PSObject.Unwrap(arguments));
    }
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class NullValidationAttributeBase : ValidateArgumentsAttribute
{
    /// <summary>Throws for null and for a collection with a null in it; for emptiness too where <paramref name="refuseEmpty"/>.</summary>
    private protected static void Refuse(object? arguments, bool refuseEmpty)
    {
        object? value = PSObject.Unwrap(arguments);
        if (value is null) throw new ValidationMetadataException("The argument is null. Provide a valid value for the argument.");
        if (value is string text)
        {
            if (refuseEmpty && text.Length == 0) throw Empty();
            return;
        }
        if (value is not IEnumerable list) return;
        int count = 0;
        foreach (object? element in list)
        {
            count++;
            object? item = PSObject.Unwrap(element);
            if (item is null || (refuseEmpty && item is string { Length: 0 }))
                throw new ValidationMetadataException("The argument is null, empty, or an element of the argument collection contains a null value.");
        }
        if (refuseEmpty && count == 0) throw Empty();
    }

    static ValidationMetadataException Empty() =>
        new("The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.");
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateNotNullAttribute : NullValidationAttributeBase
{
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics) => Refuse(arguments, refuseEmpty: false);
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateNotNullOrEmptyAttribute : NullValidationAttributeBase
{
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics) => Refuse(arguments, refuseEmpty: true);
}
