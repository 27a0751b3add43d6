using System.Collections;
using System.Globalization;

namespace WaltG5k.Parameters;

/// <summary>A text for each of some sites.</summary>
public sealed class SiteMap
{
    readonly SortedDictionary<string, string> _bySite = new(StringComparer.Ordinal);

    public SiteMap(IDictionary bySite)
    {
        ArgumentNullException.ThrowIfNull(bySite);
        foreach (DictionaryEntry entry in bySite)
            Add(System.Convert.ToString(entry.Key, CultureInfo.InvariantCulture), System.Convert.ToString(entry.Value, CultureInfo.InvariantCulture));
    }

    /// <param name="text"><c>nancy=host:22,rennes=other</c>.</param>
    public SiteMap(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            Add(pair[0], pair.Length == 2 ? pair[1] : null);
        }
    }

    public IReadOnlyDictionary<string, string> BySite => _bySite;

    public override string ToString() => string.Join(',', _bySite.Select(p => $"{p.Key}={p.Value}"));

    void Add(string? site, string? value)
    {
        if (string.IsNullOrWhiteSpace(site) || string.IsNullOrWhiteSpace(value))
            throw new FormatException($"'{site}={value}' names no site and its address: write 'nancy=host:22', or @{{ nancy = 'host:22' }}.");
        _bySite[site] = value;
    }
}

/// <summary>A text per site from a hashtable, or from <c>site=text</c> strings.</summary>
public sealed class SiteMapConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => value switch
    {
        SiteMap map => map,
        IDictionary bySite => new SiteMap(bySite),
        _ => new SiteMap(string.Join(',', Items(value).Select(i => System.Convert.ToString(i, CultureInfo.InvariantCulture)))),
    };
}
