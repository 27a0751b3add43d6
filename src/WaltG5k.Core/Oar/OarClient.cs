using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>OAR of one site: through its commands, and for reading through its REST interface where there is one.</summary>
/// <param name="user">The Grid'5000 login, needed to ask for one's own ended jobs.</param>
/// <param name="restApi">A client whose base address ends in <c>/oarapi/</c>; null: only the commands.</param>
public sealed partial class OarClient(IFrontend frontend, TimeProvider time, string? user = null, HttpClient? restApi = null)
{
    readonly OarRestClient? _rest = restApi is null ? null : new OarRestClient(restApi, frontend.Site, time);

    /// <summary>OAR of a site, read by REST where its address is known.</summary>
    public static OarClient For(IGrid grid, string site) => new(grid.GetFrontend(site), grid.Time, grid.User, grid.GetOarApi(site));

    public string Site => frontend.Site;

    /// <summary>Whether reading goes through REST now, which is cheap enough to poll often.</summary>
    internal bool ReadsByRest => _rest is { IsUsable: true };

    /// <summary>The command line that submits a job: what -WhatIf shows.</summary>
    public static string GetCommandLine(OarJobRequest request) => OarCommandLine.Submit(request).ToString();

    /// <summary>
    /// Submits a job. The id is reported as soon as oarsub prints it, before its verdict, so that the caller can write it down
    /// and delete the job whatever happens next.
    /// </summary>
    /// <exception cref="G5kException">
    /// <c>NoResource</c> (never enough; Target the site), <c>ReservationRefused</c> (with <c>NextPossibleStart</c> in Data when OAR names a date),
    /// <c>SubmissionRefused</c> (admission rule, queue, syntax), <c>SubmissionFailed</c>, <c>OarNotFound</c>. The jobs that oarsub left behind on a
    /// refusal have been deleted; when that was not possible, their ids are in Data as <c>JobIds</c> (the first one as <c>JobId</c>).
    /// </exception>
    public Task<OarSubmission> SubmitAsync(OarJobRequest request, Action<long>? onJobId = null, CancellationToken cancellationToken = default) =>
        new OarSubmitter(this, frontend, time, onJobId).SubmitAsync(request, cancellationToken);

    /// <summary>Submits a job that has ended once more, as it was; neither an interactive job nor a reservation.</summary>
    /// <exception cref="G5kException">As <see cref="SubmitAsync"/>.</exception>
    public Task<OarSubmission> ResubmitAsync(long jobId, Action<long>? onJobId = null, CancellationToken cancellationToken = default) =>
        new OarSubmitter(this, frontend, time, onJobId).ResubmitAsync(jobId, cancellationToken);

    /// <summary>
    /// Deletes a job and makes sure of it: repeats while the server only noted it, takes "already killed" and an ended job as done.
    /// </summary>
    /// <returns>False when the job is unknown or belongs to somebody else.</returns>
    /// <exception cref="G5kException"><c>OarDeleteTimeout</c>, <c>OarDeleteFailed</c>.</exception>
    public Task<bool> DeleteAsync(long jobId, CancellationToken cancellationToken = default) =>
        new OarDeletion(frontend, time, jobId).RunAsync(cancellationToken);

    /// <summary>
    /// Polls until the goal is reached. A job that ends while Running is awaited is an error <c>JobEnded</c>, which says why it ended.
    /// </summary>
    /// <exception cref="G5kException"><c>JobEnded</c>, <c>JobWaitTimeout</c>, <c>JobNotFound</c>.</exception>
    public Task<OarJob> WaitAsync(long jobId, OarJobGoal goal, TimeSpan timeout, Action<OarJob>? onChange = null,
        CancellationToken cancellationToken = default) =>
        new OarJobWaiter(this, time, jobId, goal, onChange).RunAsync(timeout, cancellationToken);

    /// <summary>Polls until the job is Running.</summary>
    /// <exception cref="G5kException"><c>JobEnded</c>, <c>JobWaitTimeout</c>, <c>JobNotFound</c>.</exception>
    public Task<OarJob> WaitRunningAsync(long jobId, TimeSpan timeout, Action<OarJob>? onChange = null,
        CancellationToken cancellationToken = default) =>
        WaitAsync(jobId, OarJobGoal.Running, timeout, onChange, cancellationToken);

    /// <summary>Why a job ended, from its events.</summary>
    public static OarJobEnd GetEnd(OarJob job) => OarJobEnds.Get(job);

    /// <summary>The lines that a job's command printed; with <paramref name="follow"/> also those to come, until the job has ended.</summary>
    /// <param name="tail">Only the last lines of what is there; null: all.</param>
    /// <exception cref="G5kException"><c>JobNotFound</c>, <c>JobOutputNotFound</c>.</exception>
    public IAsyncEnumerable<string> ReadOutputAsync(long jobId, OarOutputStream stream, bool follow, int? tail = null,
        CancellationToken cancellationToken = default) =>
        new OarJobOutput(this, frontend, time, jobId, stream).ReadAsync(follow, tail, cancellationToken);

    /// <summary>The command that submits a job and opens a shell in it (<c>oarsub -I</c>).</summary>
    public static CommandRequest GetInteractiveCommand(OarJobRequest request) => OarCommandLine.Interactive(request);

    /// <summary>The command that opens a shell in a running job (<c>oarsub -C</c>).</summary>
    public static CommandRequest GetConnectCommand(long jobId) => OarCommandLine.Connect(jobId);
}
