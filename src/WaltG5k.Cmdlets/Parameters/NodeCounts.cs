using System.Collections;
using System.Globalization;

namespace WaltG5k.Parameters;

/// <summary>How many nodes: one number for each site named elsewhere, or a number per site.</summary>
public sealed class NodeCounts
{
    public NodeCounts(int count) => Count = Checked(count, null);

    public NodeCounts(IDictionary bySite)
    {
        ArgumentNullException.ThrowIfNull(bySite);
        foreach (DictionaryEntry entry in bySite)
            Add(System.Convert.ToString(entry.Key, CultureInfo.InvariantCulture), System.Convert.ToString(entry.Value, CultureInfo.InvariantCulture));
    }

    /// <param name="text"><c>3</c>, or <c>nancy=3,rennes=2</c>.</param>
    public NodeCounts(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count))
        {
            Count = Checked(count, null);
            return;
        }
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            Add(pair[0], pair.Length == 2 ? pair[1] : null);
        }
    }

    /// <summary>The number for each site, when no site is named here.</summary>
    public int? Count { get; }
    public SortedDictionary<string, int> BySite { get; } = new(StringComparer.Ordinal);

    /// <summary>The counts of <paramref name="sites"/>, and of those named here.</summary>
    internal SortedDictionary<string, int> For(IEnumerable<string> sites)
    {
        var counts = new SortedDictionary<string, int>(BySite, StringComparer.Ordinal);
        foreach (string site in sites) counts.TryAdd(site, Count ?? 0);
        return counts;
    }

    public override string ToString() => Count is { } count
        ? count.ToString(CultureInfo.InvariantCulture)
        : string.Join(',', BySite.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value}")));

    void Add(string? site, string? count)
    {
        if (string.IsNullOrWhiteSpace(site) || !int.TryParse(count, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            throw new FormatException($"'{site}={count}' is not a node count: write 3, @{{ nancy = 3; rennes = 2 }}, or 'nancy=3,rennes=2'.");
        BySite[site] = Checked(number, site);
    }

    static int Checked(int count, string? site) => count is >= 0 and <= 100_000
        ? count
        : throw new FormatException($"{count} is not a number of nodes{(site is null ? "" : $" for {site}")}.");
}

/// <summary>Node counts from a number, a hashtable, or text.</summary>
public sealed class NodeCountConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => value switch
    {
        NodeCounts counts => counts,
        IDictionary bySite => new NodeCounts(bySite),
        int count => new NodeCounts(count),
        object[] parts => new NodeCounts(string.Join(',', parts.Select(p => System.Convert.ToString(Unwrap(p), CultureInfo.InvariantCulture)))),
        _ => new NodeCounts(System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };
}
