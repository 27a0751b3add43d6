using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using WaltG5k.Automation;

namespace WaltG5k.Host.Formatting;

/// <summary>Property values, and values as a person reads them.</summary>
static class Values
{
    const int ShownElements = 4;

    /// <summary>The value of a property; a property that throws has none.</summary>
    public static object? Of(PSPropertyInfo property)
    {
        try { return EngineObjects.Unwrap(property.Value); }
        catch (TargetInvocationException) { return null; }
    }

    /// <summary>The value of the property of that name; null when there is none.</summary>
    public static object? Of(object item, string name) => PSObject.AsPSObject(item).Properties[name] is { } property ? Of(property) : null;

    /// <summary>In full and invariant; the elements of a list with a space between.</summary>
    public static string Text(object? value) => value switch
    {
        DateTimeOffset date => date.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
        DateTime date => date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan span when span.Ticks % TimeSpan.TicksPerSecond != 0 =>
            span.ToString(span.Days == 0 ? @"hh\:mm\:ss\.fff" : @"d\.hh\:mm\:ss\.fff", CultureInfo.InvariantCulture),
        Exception failure => failure.Message,
        IDictionary dictionary => string.Join(' ', Entries(dictionary).Select(e => $"{Text(e.Key)}={Text(e.Value)}")),
        IEnumerable list and not string => string.Join(' ', list.Cast<object?>().Select(Text)),
        _ => LanguagePrimitives.ConvertTo<string>(value),
    };

    /// <summary>On one line; of a long list only the beginning, in braces; the colours of a view are kept or not.</summary>
    public static string Cell(object? value, bool colours)
    {
        value = EngineObjects.Unwrap(value);
        if (value is IDictionary dictionary) return Braces(Entries(dictionary).Select(e => $"[{Text(e.Key)}, {Text(e.Value)}]"));
        if (value is IEnumerable list and not string) return Braces(list.Cast<object?>().Select(Text));
        string text = Text(value).ReplaceLineEndings(" ");
        return colours ? text : VisibleText.Plain(text);
    }

    static IEnumerable<DictionaryEntry> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary) yield return entry;
    }

    static string Braces(IEnumerable<string> items)
    {
        string[] shown = [.. items.Take(ShownElements + 1)];
        if (shown.Length > ShownElements) shown[ShownElements] = "…";
        return $"{{{string.Join(", ", shown)}}}";
    }
}
