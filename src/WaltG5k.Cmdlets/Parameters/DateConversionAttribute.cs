using System.Globalization;

namespace WaltG5k.Parameters;

/// <summary>A date, in local time unless it says otherwise.</summary>
public sealed class DateConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => value switch
    {
        DateTimeOffset date => date,
        DateTime date => date.Kind == DateTimeKind.Utc
        ? new DateTimeOffset(date)
        : new DateTimeOffset(DateTime.SpecifyKind(date, DateTimeKind.Local)),
        string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset date) => date,
        _ => throw new FormatException($"'{value}' is not a date: write one such as 2026-03-25 19:00."),
    };
}
