using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>OAR of one site through its commands.</summary>
public sealed partial class OarClient(IFrontend frontend, TimeProvider time)
{
    public string Site => frontend.Site;

    /// <summary>
    /// Submits a job. The id is reported as soon as oarsub prints it, before its verdict, so that the caller can write it down
    /// and delete the job whatever happens next.
    /// </summary>
    /// <exception cref="G5kException">
    /// <c>NoResource</c> (never enough; Target the site), <c>ReservationRefused</c> (with <c>NextPossibleStart</c> in Data when OAR names a date),
    /// <c>SubmissionRefused</c> (admission rule, queue, syntax), <c>SubmissionFailed</c>. A job that oarsub left behind on a refusal has been deleted.
    /// </exception>
    public partial Task<OarSubmission> SubmitAsync(OarJobRequest request, Action<long>? onJobId = null, CancellationToken cancellationToken = default);

    /// <summary>The job, or null when OAR does not know it.</summary>
    public partial Task<OarJob?> GetJobAsync(long jobId, CancellationToken cancellationToken = default);

    /// <summary>Jobs of the user that have not ended, optionally those of one name.</summary>
    public partial Task<IReadOnlyList<OarJob>> FindJobsAsync(string user, string? name = null, CancellationToken cancellationToken = default);

    /// <summary>The resources of a job, its VLAN among them (<c>oarstat -p</c>).</summary>
    public partial Task<IReadOnlyList<OarJobResource>> GetResourcesAsync(long jobId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes a job and makes sure of it: repeats while the server only noted it, takes "already killed" and an ended job as done.
    /// </summary>
    /// <returns>False when the job is unknown or belongs to somebody else.</returns>
    public partial Task<bool> DeleteAsync(long jobId, CancellationToken cancellationToken = default);

    /// <summary>Polls until the job is Running (or has ended, which is an error <c>JobEnded</c> that says why).</summary>
    public partial Task<OarJob> WaitRunningAsync(long jobId, TimeSpan timeout, Action<OarJob>? onChange = null, CancellationToken cancellationToken = default);

    /// <summary>Why a job ended, from its events.</summary>
    public static partial OarJobEnd GetEnd(OarJob job);
}
