using System.Collections;

namespace System.Management.Automation;

/// <summary>To arrays and lists, element by element; one value becomes a collection of one.</summary>
static class CollectionConversion
{
    /// <summary>Whether <paramref name="type"/> is filled element by element.</summary>
    public static bool IsCollection(Type type) => ElementType(type) is not null;

    /// <summary>What the collection holds; null for a type that is none.</summary>
    public static Type? ElementType(Type type) => type.IsArray ? type.GetElementType() : ElementOfList(type);

    public static Conversion Of(object value, Type type)
    {
        Type element = ElementType(type)!;
        var items = new ArrayList();
        foreach (object? item in value is IEnumerable list and not string and not IDictionary ? list : new[] { value })
        {
            Conversion converted = Conversion.Of(item, element);
            if (!converted.Succeeded) return converted;
            items.Add(converted.Value);
        }
        var array = Array.CreateInstance(element, items.Count);
        items.CopyTo(array);
        if (type.IsInstanceOfType(array)) return Conversion.Done(array);
        return Conversion.Done(Activator.CreateInstance(type.IsInterface ? typeof(List<>).MakeGenericType(element) : type, array));
    }

    static Type? ElementOfList(Type type)
    {
        if (type == typeof(ArrayList) || type == typeof(IList) || type == typeof(ICollection) || type == typeof(IEnumerable)) return typeof(object);
        if (!type.IsGenericType || type.GetGenericArguments() is not [Type element]) return null;
        Type definition = type.GetGenericTypeDefinition();
        return definition == typeof(List<>) || definition == typeof(IList<>) || definition == typeof(IReadOnlyList<>)
            || definition == typeof(ICollection<>) ||
            definition == typeof(IReadOnlyCollection<>) || definition == typeof(IEnumerable<>)
            || definition == typeof(Collections.ObjectModel.Collection<>)
            ? element
            : null;
    }
}
