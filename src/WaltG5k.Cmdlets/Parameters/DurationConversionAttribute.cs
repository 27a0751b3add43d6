using System.Globalization;

namespace WaltG5k.Parameters;

/// <summary>A time limit from a number of seconds, a TimeSpan, or the text of either (<c>90</c>, <c>0:10:00</c>).</summary>
public sealed class DurationConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value)
    {
        TimeSpan duration = value switch
        {
            TimeSpan span => span,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) =>
                TimeSpan.FromSeconds(seconds),
            string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) => span,
            int or long or double or decimal or float => TimeSpan.FromSeconds(System.Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            _ => throw new FormatException($"'{value}' is not a time limit: write a number of seconds, or 0:10:00 for ten minutes."),
        };
        return duration > TimeSpan.Zero ? duration : throw new FormatException("A time limit is more than 0 seconds.");
    }
}
