using System.Management.Automation;

namespace WaltG5k.Host.Formatting;

/// <summary>Finds how an object is shown: as its type's view says, else by its properties, up to four in a table and more in a list.</summary>
sealed class ViewTable(FormatFiles file)
{
    const int PropertiesInTable = 4;

    static readonly View s_jobs = new(false,
        [.. new[] { "Id", "Name", "JobStateInfo", "Location",
        "Command" }.Select(p => new Column(p == "JobStateInfo" ? "State" : p, ValueSource.Property(p)))], AutoSize: true);

    readonly Dictionary<(Type, bool?), View> _known = [];

    /// <param name="asList">Null: whatever suits the type.</param>
    /// <param name="properties">Those asked for; none for those of the view.</param>
    public View Find(object item, bool? asList, IReadOnlyList<string> properties)
    {
        PSObject wrapped = PSObject.AsPSObject(item);
        if (properties.Count > 0) return OfProperties(Expand(properties, wrapped), asList ?? false);
        if (wrapped.BaseObject is PSCustomObject) return OfType(wrapped, asList);
        (Type, bool?) key = (wrapped.BaseObject.GetType(), asList);
        return _known.TryGetValue(key, out View? known) ? known : _known[key] = OfType(wrapped, asList);
    }

    View OfType(PSObject wrapped, bool? asList)
    {
        if (asList is not true)
        {
            if (file.Find(wrapped.TypeNames, list: false) is { } table) return table;
            if (wrapped.BaseObject is Job) return s_jobs;
        }
        if (asList is not false && file.Find(wrapped.TypeNames, list: true) is { } list) return list;
        string[] names = [.. wrapped.Properties.Select(p => p.Name)];
        return OfProperties(names, asList ?? names.Length > PropertiesInTable);
    }

    static View OfProperties(IEnumerable<string> names, bool list) =>
        new(list, [.. names.Select(n => new Column(n, ValueSource.Property(n)))], AutoSize: true);

    static IEnumerable<string> Expand(IReadOnlyList<string> patterns, PSObject item) => patterns.SelectMany(pattern =>
    {
        if (!WildcardPattern.ContainsWildcardCharacters(pattern)) return [pattern];
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase);
        return item.Properties.Select(p => p.Name).Where(wildcard.IsMatch);
    });
}
