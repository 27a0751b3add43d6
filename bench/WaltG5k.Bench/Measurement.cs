namespace WaltG5k.Bench;

/// <summary>One line of the report.</summary>
/// <param name="Value">What was measured.</param>
/// <param name="Target">What it has to be, in words.</param>
/// <param name="IsMet">Null when it was not measured here; <paramref name="Value"/> says why.</param>
sealed record Measurement(string Name, string Value, string Target, bool? IsMet)
{
    public static Measurement AtMost(string name, double value, double limit, string unit) =>
        new(name, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value:0.###} {unit}"),
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"<= {limit:0.###} {unit}"), value <= limit);

    public static Measurement Skipped(string name, string why) => new(name, $"not measured: {why}", "", null);
}
