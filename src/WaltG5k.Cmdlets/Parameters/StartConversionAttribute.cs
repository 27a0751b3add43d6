using System.Globalization;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Parameters;

/// <summary>
/// The start of a reservation: <c>Now</c>, <c>First</c>, <c>Night</c>, <c>Max</c>, or a date (in local time unless it says otherwise).
/// </summary>
public sealed class StartConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => value switch
    {
        ReservationStart start => start,
        DateTimeOffset date => ReservationStart.At(date),
        DateTime date => ReservationStart.At(date.Kind == DateTimeKind.Utc
        ? new DateTimeOffset(date)
        : new DateTimeOffset(DateTime.SpecifyKind(date, DateTimeKind.Local))),
        string text when text.Equals("now", StringComparison.OrdinalIgnoreCase) => ReservationStart.Now,
        string text when text.Equals("night", StringComparison.OrdinalIgnoreCase) => ReservationStart.Night,
        string text when text.Equals("first", StringComparison.OrdinalIgnoreCase) => ReservationStart.First,
        string text when text.Equals("max", StringComparison.OrdinalIgnoreCase) => ReservationStart.Max,
        string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset date) =>
            ReservationStart.At(date),
        _ => throw new FormatException($"'{value}' is not a start: write Now, First, Night, Max, or a date such as 2026-03-25 19:00."),
    };
}
