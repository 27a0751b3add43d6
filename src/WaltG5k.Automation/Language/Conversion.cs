using System.Collections;
using System.Globalization;

namespace System.Management.Automation;

/// <summary>The outcome of turning a value into a type, and the order in which the ways are tried.</summary>
readonly record struct Conversion(bool Succeeded, object? Value, string Problem, Exception? Cause)
{
    public static Conversion Done(object? value) => new(true, value, "", null);

    public static Conversion Failed(object? value, Type type, string? reason = null, Exception? cause = null) => new(false, null,
        $"Cannot convert {Describe(value)} to type \"{type.FullName}\"" + (reason is null ? "." : $": {reason}"), cause);

    public static Conversion Of(object? value, Type type)
    {
        if (type == typeof(PSObject)) return Done(value is null ? null : PSObject.AsPSObject(value));
        if (type == typeof(object)) return Done(value is PSObject { TokenText: not null } literal ? literal.BaseObject : value);
        if (type == typeof(string) && value is PSObject { TokenText: { } typed }) return Done(typed);
        value = PSObject.Unwrap(value);
        Type target = Nullable.GetUnderlyingType(type) ?? type;
        if (value is null) return FromNull(type);
        if (target.IsInstanceOfType(value)) return Done(value);
        if (target == typeof(string)) return Done(Text(value));
        if (target == typeof(bool)) return FromTruth(value, type);
        if (target == typeof(SwitchParameter))
            return FromTruth(value, typeof(bool)) is { Succeeded: true } truth ? Done(new SwitchParameter((bool)truth.Value!)) : Failed(value, type);
        if (target.IsEnum) return EnumConversion.Of(value, target);
        if (CollectionConversion.IsCollection(target)) return CollectionConversion.Of(value, target);
        if (NumericConversion.IsNumeric(target) && NumericConversion.TryConvert(value, target, out Conversion number)) return number;
        if (target == typeof(char) && value is string { Length: 1 } letter) return Done(letter[0]);
        return ReflectionConversion.Of(value, target);
    }

    /// <summary>The value as text: numbers and dates invariant, the elements of a list with a space between.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        PSObject wrapped => wrapped.TokenText ?? wrapped.ToString(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IDictionary dictionary => dictionary.ToString() ?? "",
        IEnumerable list => string.Join(' ', list.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? "",
    };

    static Conversion FromNull(Type type)
    {
        if (type == typeof(string)) return Done("");
        if (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null) return Done(null);
        if (type == typeof(bool) || type == typeof(char) || type == typeof(SwitchParameter) || NumericConversion.IsNumeric(type))
            return Done(Activator.CreateInstance(type));
        return Failed(null, type);
    }

    /// <summary>Only what is a truth value by nature: "yes" for a Boolean parameter is a mistake, not a true.</summary>
    static Conversion FromTruth(object value, Type type) => value switch
    {
        bool or SwitchParameter => Done(LanguagePrimitives.IsTrue(value)),
        not string when NumericConversion.IsNumeric(value.GetType()) => Done(LanguagePrimitives.IsTrue(value)),
        _ => Failed(value, type, "Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0"),
    };

    static string Describe(object? value) => value is null ? "null" : $"value \"{Text(value)}\"";
}
