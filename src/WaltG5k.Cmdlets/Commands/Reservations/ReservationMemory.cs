using WaltG5k.Base;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>What the reservation cmdlets share: finding one by name, and remembering names for completion.</summary>
internal static class ReservationMemory
{
    public static void Remember(G5kSession session, Reservation reservation)
    {
        session.ReservationNames.TryAdd(reservation.Name, 0);
        foreach (ReservationJob job in reservation.Jobs) session.JobNames[job.ToString()] = $"{job.State} {reservation.Name}";
    }

    /// <summary>The reservation that is meant.</summary>
    /// <exception cref="Core.G5kException"><c>ReservationNotFound</c>.</exception>
    public static async Task<Reservation> FindAsync(G5kCmdlet cmdlet, ReservationRef reference, CancellationToken cancellationToken) =>
        reference.Reservation
        ?? await cmdlet.Reservations.FindAsync(reference.Name, cancellationToken).ConfigureAwait(false)
        ?? throw Failures.ReservationNotFound(reference.Name);
}
