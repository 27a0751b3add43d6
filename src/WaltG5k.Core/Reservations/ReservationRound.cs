using System.Globalization;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations;

/// <summary>One attempt at a common date, and why it was not the last.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Start">The date that was asked for.</param>
/// <param name="Reason">Who refused, in OAR's words.</param>
/// <param name="Next">The date that the next round asks for.</param>
public sealed record ReservationRound(int Number, DateTimeOffset Start, string Reason, DateTimeOffset Next)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"round {Number}, {GridZone.Format(Start)}: {Reason}");
}
