using System.Reflection;
using System.Runtime.CompilerServices;

namespace System.Management.Automation;

/// <summary>
/// The readable properties of a type in the order of their declaration, those of base types first. Remembered: reflection is slow per object.
/// </summary>
static class TypeProperties
{
    static readonly ConditionalWeakTable<Type, PropertyInfo[]> s_known = [];

    public static PropertyInfo[] Of(Type type) => s_known.GetValue(type, Read);

    public static PropertyInfo? Find(Type type, string name)
    {
        foreach (PropertyInfo property in Of(type))
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase)) return property;
        return null;
    }

    static PropertyInfo[] Read(Type type)
    {
        // A string's only property is its length, and nobody who lists a string means that; PowerShell does the same for custom objects.
        if (type == typeof(PSCustomObject)) return [];
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && p.GetMethod is { IsPublic: true })
            .GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
            .Select(g => g.First())];
    }
}
