using System.Collections;
using System.Management.Automation;
using WaltG5k.Core;

namespace WaltG5k.Parameters;

/// <summary>Turns what the user gave into the type of the parameter, and says in one sentence what is wrong with it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class ConversionAttribute : ArgumentTransformationAttribute
{
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = Unwrap(inputData);
        if (value is null) return null;
        try { return Convert(value); }
        catch (G5kException e) { throw new ArgumentTransformationMetadataException($"{e.Message} {e.Recommendation}".TrimEnd(), e); }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }

    /// <param name="value">Never null, and not wrapped in a PSObject unless it is nothing but its own properties.</param>
    protected abstract object Convert(object value);

    /// <summary>The elements of a list, or the value itself.</summary>
    protected static IEnumerable<object> Items(object value)
    {
        if (value is not IEnumerable list || value is string or IDictionary) return [value];
        return list.Cast<object?>().Select(Unwrap).OfType<object>();
    }

    protected static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
