using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Commands;

/// <summary>Get-G5kReservation: reservations that have not ended, as OAR sees them now.</summary>
[Cmdlet(VerbsCommon.Get, "G5kReservation")]
[OutputType(typeof(Reservation))]
public sealed class GetG5kReservationCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReservationCompleter))]
    public string[] Name { get; set; } = ["*"];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var wanted = new NameFilter(Name);
        await foreach (Reservation reservation in Reservations.GetAsync(cancellationToken).ConfigureAwait(false))
        {
            ReservationMemory.Remember(Session, reservation);
            if (wanted.Matches(reservation.Name)) Write(reservation);
        }
        foreach (string name in wanted.Unmatched) WriteFailure(Failures.ReservationNotFound(name));
    }
}
