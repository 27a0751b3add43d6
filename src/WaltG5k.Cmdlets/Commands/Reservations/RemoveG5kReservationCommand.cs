using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Remove-G5kReservation: deletes every job of a reservation.</summary>
[Cmdlet(VerbsCommon.Remove, "G5kReservation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Reservation))]
public sealed class RemoveG5kReservationCommand : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ReservationConversion]
    [ArgumentCompleter(typeof(ReservationCompleter))]
    public ReservationRef[] Reservation { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ReservationRef reference in Reservation)
        {
            try
            {
                if (reference.IsLeftOver && !await ConfirmAsync($"reservation {reference.Name}", "Remove what is left of it").ConfigureAwait(false))
                    continue;
                if (reference.IsLeftOver && await Reservations.FindAsync(reference.Name, cancellationToken).ConfigureAwait(false) is null) continue;
                Reservation reservation = await ReservationMemory.FindAsync(this, reference, cancellationToken).ConfigureAwait(false);
                string jobs = string.Join(", ", reservation.Jobs);
                if (!await ConfirmAsync($"reservation {reservation.Name}", $"Delete jobs {jobs}").ConfigureAwait(false)) continue;
                Reservation released = await Reservations.ReleaseAsync(reservation, cancellationToken).ConfigureAwait(false);
                Session.ReservationNames.TryRemove(released.Name, out byte _);
                if (PassThru) Write(released);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }
}
