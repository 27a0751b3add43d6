using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateRangeAttribute(object minRange, object maxRange) : ValidateEnumeratedArgumentsAttribute
{
    public object MinRange { get; } = minRange;
    public object MaxRange { get; } = maxRange;

    protected override void ValidateElement(object? element)
    {
        if (!LanguagePrimitives.TryConvertTo(element, MinRange.GetType(), CultureInfo.InvariantCulture, out object? value) || value is null)
            throw new ValidationMetadataException($"The argument \"{element}\" cannot be compared with the range {MinRange} to {MaxRange}.");
        if (LanguagePrimitives.Compare(value, MaxRange) > 0)
            throw new ValidationMetadataException(string.Create(CultureInfo.InvariantCulture,
                $"The {element} argument is greater than the maximum allowed range of {MaxRange}. Supply an argument that is less than or equal to {MaxRange} and then try the command again."));
        if (LanguagePrimitives.Compare(value, MinRange) < 0)
            throw new ValidationMetadataException(string.Create(CultureInfo.InvariantCulture,
                $"The {element} argument is less than the minimum allowed range of {MinRange}. Supply an argument that is greater than or equal to {MinRange} and then try the command again."));
    }
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateSetAttribute(params string[] validValues) : ValidateEnumeratedArgumentsAttribute
{
    public IList<string> ValidValues { get; } = validValues;
    public bool IgnoreCase { get; set; } = true;

    protected override void ValidateElement(object? element)
    {
        string text = LanguagePrimitives.ConvertTo<string>(element);
        if (ValidValues.Contains(text, IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal)) return;
        throw new ValidationMetadataException(
            $"The argument \"{text}\" does not belong to the set \"{string.Join(",", ValidValues)}\" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.");
    }
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidatePatternAttribute(string regexPattern) : ValidateEnumeratedArgumentsAttribute
{
    public string RegexPattern { get; } = regexPattern;
    public RegexOptions Options { get; set; } = RegexOptions.IgnoreCase;

    protected override void ValidateElement(object? element)
    {
        string text = LanguagePrimitives.ConvertTo<string>(element);
        if (Regex.IsMatch(text, RegexPattern, Options)) return;
        throw new ValidationMetadataException(
            $"The argument \"{text}\" does not match the \"{RegexPattern}\" pattern. Supply an argument that matches \"{RegexPattern}\" and try the command again.");
    }
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateLengthAttribute(int minLength, int maxLength) : ValidateEnumeratedArgumentsAttribute
{
    public int MinLength { get; } = minLength;
    public int MaxLength { get; } = maxLength;

    protected override void ValidateElement(object? element)
    {
        int length = (element as string)?.Length ?? throw new ValidationMetadataException("The argument has no length: it is no string.");
        if (length >= MinLength && length <= MaxLength) return;
        throw new ValidationMetadataException(string.Create(CultureInfo.InvariantCulture,
            $"The character length of the {length} argument is outside {MinLength} to {MaxLength}. Supply an argument of a length within these bounds."));
    }
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateCountAttribute(int minLength, int maxLength) : ValidateArgumentsAttribute
{
    public int MinLength { get; } = minLength;
    public int MaxLength { get; } = maxLength;

    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        int count = PSObject.Unwrap(arguments) switch
        {
            null => 0,
            string => 1,
            ICollection collection => collection.Count,
            IEnumerable list => list.Cast<object?>().Count(),
            _ => 1,
        };
        if (count >= MinLength && count <= MaxLength) return;
        throw new ValidationMetadataException(string.Create(CultureInfo.InvariantCulture,
            $"The parameter takes {MinLength} to {MaxLength} values and was given {count}."));
    }
}
