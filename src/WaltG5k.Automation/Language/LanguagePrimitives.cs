using System.Collections;
using System.Globalization;

namespace System.Management.Automation;

/// <summary>How values are compared and turned into one another: PowerShell's rules, invariant culture.</summary>
public static class LanguagePrimitives
{
    public static bool IsTrue(object? obj) => PSObject.Unwrap(obj) switch
    {
        null => false,
        bool value => value,
        SwitchParameter value => value.IsPresent,
        string text => text.Length > 0,
        IList { Count: 0 } => false,
        IList { Count: 1 } list => IsTrue(list[0]),
        IList => true,
        IConvertible number when NumericConversion.IsNumeric(number.GetType()) => number.ToDouble(CultureInfo.InvariantCulture) != 0,
        _ => true,
    };

    public static object? ConvertTo(object? valueToConvert, Type resultType) => ConvertTo(valueToConvert, resultType, CultureInfo.InvariantCulture);

    public static object? ConvertTo(object? valueToConvert, Type resultType, IFormatProvider? formatProvider)
    {
        ArgumentNullException.ThrowIfNull(resultType);
        Conversion result = Conversion.Of(valueToConvert, resultType);
        return result.Succeeded ? result.Value : throw new PSInvalidCastException(result.Problem, result.Cause);
    }

    public static T ConvertTo<T>(object? valueToConvert) => (T)ConvertTo(valueToConvert, typeof(T), CultureInfo.InvariantCulture)!;

    public static bool TryConvertTo(object? valueToConvert, Type resultType, out object? result) =>
        TryConvertTo(valueToConvert, resultType, CultureInfo.InvariantCulture, out result);

    public static bool TryConvertTo(object? valueToConvert, Type resultType, IFormatProvider? formatProvider, out object? result)
    {
        ArgumentNullException.ThrowIfNull(resultType);
        Conversion conversion = Conversion.Of(valueToConvert, resultType);
        result = conversion.Value;
        return conversion.Succeeded;
    }

    public static bool TryConvertTo<T>(object? valueToConvert, out T? result)
    {
        bool done = TryConvertTo(valueToConvert, typeof(T), out object? value);
        result = done ? (T?)value : default;
        return done;
    }

    public static new bool Equals(object? first, object? second) => Equals(first, second, ignoreCase: false);

    public static bool Equals(object? first, object? second, bool ignoreCase)
    {
        first = PSObject.Unwrap(first);
        second = PSObject.Unwrap(second);
        if (first is null || second is null) return first is null && second is null;
        if (first is string text)
            return string.Equals(text, ConvertTo<string>(second), ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        if (first.Equals(second)) return true;
        if (NumericConversion.IsNumeric(first.GetType()) && NumericConversion.IsNumeric(second.GetType()))
            return Convert.ToDecimal(first, CultureInfo.InvariantCulture) == Convert.ToDecimal(second, CultureInfo.InvariantCulture);
        return TryConvertTo(second, first.GetType(), out object? converted) && first.Equals(converted);
    }

    public static int Compare(object? first, object? second) => Compare(first, second, ignoreCase: false);

    /// <summary>Less than, equal to or greater than zero; null comes before everything.</summary>
    /// <exception cref="PSArgumentException">The two cannot be compared.</exception>
    public static int Compare(object? first, object? second, bool ignoreCase)
    {
        first = PSObject.Unwrap(first);
        second = PSObject.Unwrap(second);
        if (first is null || second is null) return (first is null ? 0 : 1) - (second is null ? 0 : 1);
        if (first is string text)
            return string.Compare(text, ConvertTo<string>(second), ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        Type type = first.GetType();
        if (NumericConversion.IsNumeric(type) && NumericConversion.IsNumeric(second.GetType()))
            return NumericConversion.Compare(first, second);
        if (first is IComparable comparable && TryConvertTo(second, type, out object? converted)) return comparable.CompareTo(converted);
        throw new PSArgumentException($"Cannot compare \"{first}\" to \"{second}\": they are not comparable.");
    }
}
