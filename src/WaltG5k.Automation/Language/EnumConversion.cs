using System.Globalization;

namespace System.Management.Automation;

/// <summary>Names without regard to case, unique beginnings of names, several with commas, and defined numbers.</summary>
static class EnumConversion
{
    public static Conversion Of(object value, Type type)
    {
        if (value is string text) return FromText(text, type);
        if (!NumericConversion.IsNumeric(value.GetType())) return Conversion.Failed(value, type);
        if (!NumericConversion.TryConvert(value, Enum.GetUnderlyingType(type), out Conversion number) || !number.Succeeded)
            return Conversion.Failed(value, type);
        object result = Enum.ToObject(type, number.Value!);
        return Enum.IsDefined(type, result) || type.IsDefined(typeof(FlagsAttribute), false)
            ? Conversion.Done(result)
            : Conversion.Failed(value, type, Known(type));
    }

    static Conversion FromText(string text, Type type)
    {
        long bits = 0;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Find(part, type) is not { } found) return Conversion.Failed(text, type, Known(type));
            bits |= Convert.ToInt64(found, CultureInfo.InvariantCulture);
        }
        return Conversion.Done(Enum.ToObject(type, bits));
    }

    static object? Find(string name, Type type)
    {
        if (long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            return Enum.ToObject(type, number) is var value && Enum.IsDefined(type, value) ? value : null;
        string[] names = Enum.GetNames(type);
        string[] matches = Array.FindAll(names, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
        if (matches.Length == 0 && name.Length > 0) matches = Array.FindAll(names, n => n.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        return matches.Length == 1 ? Enum.Parse(type, matches[0]) : null;
    }

    static string Known(Type type) => $"specify one of the following: {string.Join(", ", Enum.GetNames(type))}";
}
