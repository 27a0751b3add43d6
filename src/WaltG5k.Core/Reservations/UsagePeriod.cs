namespace WaltG5k.Core.Reservations;

/// <summary>A stretch of day hours, or of what lies between two of them: a night, a week-end, a holiday with its nights.</summary>
public sealed record UsagePeriod(DateTimeOffset Start, DateTimeOffset End, bool IsDay)
{
    /// <summary>A whole day without work lies in it: longer than a night between two working days.</summary>
    public bool IsWeekend => !IsDay && End - Start > TimeSpan.FromHours(24);
    public override string ToString() => IsDay ? "day" : IsWeekend ? "week-end" : "night";
}
