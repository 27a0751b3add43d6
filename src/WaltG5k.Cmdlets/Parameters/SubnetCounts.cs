using System.Collections;
using System.Globalization;

namespace WaltG5k.Parameters;

/// <summary>How many subnets of which sizes, as OAR writes it: <c>slash_22=2,slash_20=1</c>.</summary>
public sealed class SubnetCounts
{
    readonly Dictionary<int, int> _counts = [];

    public SubnetCounts(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            string size = pair[0].StartsWith("slash_", StringComparison.OrdinalIgnoreCase) ? pair[0][6..] : pair[0].TrimStart('/');
            int count = 1;
            if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                || (pair.Length == 2 && !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out count)))
                throw new FormatException($"'{part}' is no number of subnets: write slash_22=2, or slash_22=2,slash_20=1.");
            if (length is < 16 or > 22) throw new FormatException($"Subnets are given out from slash_16 to slash_22, not as slash_{length}.");
            if (count is < 1 or > 256) throw new FormatException($"{count} is not a number of subnets.");
            _counts[length] = _counts.GetValueOrDefault(length) + count;
        }
    }

    /// <summary>Numbers by prefix length.</summary>
    public IReadOnlyDictionary<int, int> ByPrefixLength => _counts;

    public override string ToString() => string.Join(',',
        _counts.OrderBy(c => c.Key).Select(c => string.Create(CultureInfo.InvariantCulture, $"slash_{c.Key}={c.Value}")));
}

/// <summary>Numbers of subnets from text, or a list of texts.</summary>
public sealed class SubnetConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => value switch
    {
        SubnetCounts counts => counts,
        IDictionary sizes => new SubnetCounts(string.Join(',', sizes.Keys.Cast<object>().Select(k => $"{k}={sizes[k]}"))),
        _ => new SubnetCounts(string.Join(',', Items(value).Select(i => System.Convert.ToString(i, CultureInfo.InvariantCulture)))),
    };
}
