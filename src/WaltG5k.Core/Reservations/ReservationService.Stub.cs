using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Reservations;

public sealed partial class ReservationService
{
    public partial Task<ReservationPlan> PlanAsync(ReservationRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<Reservation> SubmitAsync(ReservationPlan plan, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial IAsyncEnumerable<Reservation> GetAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<Reservation?> FindAsync(string name, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<Reservation> AdoptAsync(IReadOnlyList<(string Site, long JobId)> jobs, string? name, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<Reservation> WaitAsync(Reservation reservation, TimeSpan timeout, Action<Reservation>? onChange, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<Reservation> ReleaseAsync(Reservation reservation, CancellationToken cancellationToken) => throw new NotImplementedException();
}
