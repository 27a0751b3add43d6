using System.Collections;
using System.Globalization;
using System.Reflection;

namespace System.Management.Automation;

/// <summary>
/// The ways that the target type itself offers: Parse, a constructor of one argument, a conversion operator, properties from a dictionary.
/// </summary>
static class ReflectionConversion
{
    const BindingFlags Static = BindingFlags.Public | BindingFlags.Static;

    public static Conversion Of(object value, Type type)
    {
        try
        {
            if (value is string text)
            {
                if (type == typeof(DateTimeOffset)) // a date without a zone is local time, as for DateTime
                    return Conversion.Done(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal));
                if (Parse(text, type) is { } parsed) return Conversion.Done(parsed);
            }
            if (Construct(value, type) is { } made) return Conversion.Done(made);
            if (Operator(value, type) is { } converted) return Conversion.Done(converted);
            if (value is IDictionary members && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is { } constructor)
                return FromMembers(members, constructor.Invoke(null), type);
            return Conversion.Failed(value, type);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            return Conversion.Failed(value, type, inner.Message, inner);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or InvalidCastException)
        {
            return Conversion.Failed(value, type, e.Message, e);
        }
    }

    static object? Parse(string text, Type type)
    {
        if (type.GetMethod("Parse", Static, [typeof(string), typeof(IFormatProvider)]) is { } invariant
            && type.IsAssignableFrom(invariant.ReturnType))
            return invariant.Invoke(null, [text, CultureInfo.InvariantCulture]);
        return type.GetMethod("Parse", Static, [typeof(string)]) is { } plain && type.IsAssignableFrom(plain.ReturnType)
            ? plain.Invoke(null, [text])
            : null;
    }

    /// <summary>The constructor that takes the value as it is wins over one that it would have to be converted for.</summary>
    static object? Construct(object value, Type type)
    {
        if (type.IsAbstract || type.IsInterface) return null;
        ConstructorInfo[] single = Array.FindAll(type.GetConstructors(), c => c.GetParameters() is [{ } only] && !only.ParameterType.IsByRef);
        ConstructorInfo? exact =
            Array.Find(single, c => c.GetParameters()[0].ParameterType == value.GetType()) ??
            Array.Find(single, c => c.GetParameters()[0].ParameterType != typeof(object)
            && c.GetParameters()[0].ParameterType.IsInstanceOfType(value)) ??
            Array.Find(single, c => c.GetParameters()[0].ParameterType.IsInstanceOfType(value));
        if (exact is not null) return exact.Invoke([value]);
        foreach (ConstructorInfo constructor in single)
        {
            Type parameter = constructor.GetParameters()[0].ParameterType;
            if (parameter == type || (parameter == typeof(string) && value is not (string or IConvertible))) continue;
            if (Conversion.Of(value, parameter) is { Succeeded: true, Value: { } argument }) return constructor.Invoke([argument]);
        }
        return null;
    }

    static object? Operator(object value, Type type)
    {
        foreach (Type owner in new[] { type, value.GetType() })
            foreach (MethodInfo method in owner.GetMethods(Static))
                if (method.Name is "op_Implicit" or "op_Explicit" && type.IsAssignableFrom(method.ReturnType) &&
                    method.GetParameters() is [{ } only] && only.ParameterType.IsInstanceOfType(value))
                    return method.Invoke(null, [value]);
        return null;
    }

    static Conversion FromMembers(IDictionary members, object target, Type type)
    {
        foreach (DictionaryEntry entry in members)
        {
            string name = Conversion.Text(entry.Key);
            if (TypeProperties.Find(type, name) is not { SetMethod.IsPublic: true } property)
                return Conversion.Failed(members, type, $"it has no property {name} that can be set");
            Conversion value = Conversion.Of(entry.Value, property.PropertyType);
            if (!value.Succeeded) return value;
            property.SetValue(target, value.Value);
        }
        return Conversion.Done(target);
    }
}
