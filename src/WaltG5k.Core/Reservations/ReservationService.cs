using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Reservations;

/// <summary>Reserves over several sites, all or nothing; knows what it reserved from <c>~/.walt-g5k/reservations</c>.</summary>
public sealed partial class ReservationService(IGrid grid, IReporter reporter)
{
    /// <summary>Checks the request against the reference data and builds the jobs. Sends nothing.</summary>
    /// <exception cref="G5kException">
    /// <c>SiteNotFound</c>, <c>ClusterNotFound</c>, <c>InvalidNodeCount</c>, <c>NoServerCluster</c>, <c>VlanNeedsOneSite</c>, <c>StartInThePast</c>, …
    /// </exception>
    public partial Task<ReservationPlan> PlanAsync(ReservationRequest request, CancellationToken cancellationToken = default);

    /// <summary>Submits every site's job; when one is refused, or on cancellation, none is left.</summary>
    public partial Task<Reservation> SubmitAsync(ReservationPlan plan, CancellationToken cancellationToken = default);

    /// <summary>Reservations that have not ended, read anew from OAR.</summary>
    public partial IAsyncEnumerable<Reservation> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>By name, or null.</summary>
    public partial Task<Reservation?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>A reservation made of jobs that exist already (<c>site:id</c>).</summary>
    public partial Task<Reservation> AdoptAsync(IReadOnlyList<(string Site, long JobId)> jobs, string? name = null, CancellationToken cancellationToken = default);

    /// <summary>Waits until every job runs.</summary>
    public partial Task<Reservation> WaitAsync(Reservation reservation, TimeSpan timeout, Action<Reservation>? onChange = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes every job and forgets the reservation.</summary>
    public partial Task<Reservation> ReleaseAsync(Reservation reservation, CancellationToken cancellationToken = default);
}
