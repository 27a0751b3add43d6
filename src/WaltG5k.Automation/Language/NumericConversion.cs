using System.Globalization;

namespace System.Management.Automation;

/// <summary>Between numbers, and from text to numbers; fractions are rounded to even, overflow is an error.</summary>
static class NumericConversion
{
    public static bool IsNumeric(Type type) => !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    /// <summary>False when <paramref name="value"/> is neither number nor text, so that other ways can be tried.</summary>
    public static bool TryConvert(object value, Type type, out Conversion result)
    {
        object? number = value switch
        {
            string text => Parse(text),
            bool truth => truth ? 1 : 0,
            char letter => (int)letter,
            SwitchParameter present => present.IsPresent ? 1 : 0,
            Enum named => Convert.ChangeType(named, Enum.GetUnderlyingType(named.GetType()), CultureInfo.InvariantCulture),
            _ => IsNumeric(value.GetType()) ? value : null,
        };
        if (number is null)
        {
            result = Conversion.Failed(value, type, value is string ? "The input string was not in a correct format" : null);
            return value is string;
        }
        try
        {
            result = Conversion.Done(Convert.ChangeType(number, type, CultureInfo.InvariantCulture));
        }
        catch (OverflowException e)
        {
            result = Conversion.Failed(value, type, $"Value was either too large or too small for {type.Name}", e);
        }
        return true;
    }

    /// <summary>A whole number, a hexadecimal one, or a decimal; null when the text is none of them. Empty text is zero.</summary>
    static object? Parse(string text)
    {
        text = text.Trim();
        if (text.Length == 0) return 0;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) &&
            long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hexadecimal)) return hexadecimal;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)) return whole;
        if (text.Length < 28 && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out decimal exact)) return exact;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real : null;
    }

    public static int Compare(object first, object second) =>
        first is double or float || second is double or float
            ? Convert.ToDouble(first, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(second, CultureInfo.InvariantCulture))
            : Convert.ToDecimal(first, CultureInfo.InvariantCulture).CompareTo(Convert.ToDecimal(second, CultureInfo.InvariantCulture));
}
