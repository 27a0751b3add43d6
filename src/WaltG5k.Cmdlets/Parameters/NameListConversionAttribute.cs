using System.Globalization;

namespace WaltG5k.Parameters;

/// <summary>Names from a list, or from one text with commas, as other programs write lists.</summary>
public sealed class NameListConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value)
        .SelectMany(i => (System.Convert.ToString(i, CultureInfo.InvariantCulture) ?? "")
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .ToArray();
}
