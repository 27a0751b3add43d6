using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>OAR of one site through its commands.</summary>
public sealed partial class OarClient(IFrontend frontend, TimeProvider time)
{
    public string Site => frontend.Site;

    /// <summary>The command line that submits a job: what -WhatIf shows.</summary>
    public static string GetCommandLine(OarJobRequest request) => OarCommandLine.Submit(request).ToString();

    /// <summary>
    /// Submits a job. The id is reported as soon as oarsub prints it, before its verdict, so that the caller can write it down
    /// and delete the job whatever happens next.
    /// </summary>
    /// <exception cref="G5kException">
    /// <c>NoResource</c> (never enough; Target the site), <c>ReservationRefused</c> (with <c>NextPossibleStart</c> in Data when OAR names a date),
    /// <c>SubmissionRefused</c> (admission rule, queue, syntax), <c>SubmissionFailed</c>. A job that oarsub left behind on a refusal has been deleted;
    /// when that was not possible, its id is in Data as <c>JobId</c>.
    /// </exception>
    public Task<OarSubmission> SubmitAsync(OarJobRequest request, Action<long>? onJobId = null, CancellationToken cancellationToken = default) =>
        new OarSubmitter(this, frontend, time).SubmitAsync(request, onJobId, cancellationToken);

    /// <summary>The job, or null when OAR does not know it.</summary>
    public async Task<OarJob?> GetJobAsync(long jobId, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<OarJob> jobs = await DescribeAsync([jobId], cancellationToken).ConfigureAwait(false);
        return jobs.FirstOrDefault(j => j.Id == jobId);
    }

    /// <summary>Jobs of the user that have not ended, optionally those of one name.</summary>
    public Task<IReadOnlyList<OarJob>> FindJobsAsync(string user, string? name = null, CancellationToken cancellationToken = default) =>
        ListAsync(user, name, cancellationToken);

    /// <summary>Like <see cref="FindJobsAsync"/>, of the user that runs the commands.</summary>
    internal Task<IReadOnlyList<OarJob>> FindOwnJobsAsync(string name, CancellationToken cancellationToken) => ListAsync(null, name, cancellationToken);

    async Task<IReadOnlyList<OarJob>> ListAsync(string? user, string? name, CancellationToken cancellationToken)
    {
        CommandResult list = await frontend.RunAsync(OarCommandLine.List(user), null, cancellationToken).ConfigureAwait(false);
        OarJob[] jobs = [.. OarJobReader.Read(Site, CheckRead(list).Output).Where(j => name is null || j.Name == name)];
        if (jobs.Length == 0) return jobs;
        // The list lacks walltime, prediction and events. A job that ended in between keeps its short description.
        Dictionary<long, OarJob> described = (await DescribeAsync(jobs.Select(j => j.Id), cancellationToken).ConfigureAwait(false)).ToDictionary(j => j.Id);
        return [.. jobs.Select(j => described.GetValueOrDefault(j.Id, j)).Where(j => !j.IsEnded)];
    }

    async Task<IReadOnlyList<OarJob>> DescribeAsync(IEnumerable<long> jobIds, CancellationToken cancellationToken)
    {
        CommandResult result = await frontend.RunAsync(OarCommandLine.Describe(jobIds), null, cancellationToken).ConfigureAwait(false);
        return OarJobReader.Read(Site, CheckRead(result).Output);
    }

    /// <summary>The resources of a job, its VLAN among them (<c>oarstat -p</c>).</summary>
    public async Task<IReadOnlyList<OarJobResource>> GetResourcesAsync(long jobId, CancellationToken cancellationToken = default)
    {
        // One line per core, each of more than a kilobyte: read as they come, whatever the frontend keeps of the whole.
        var resources = new List<OarJobResource>();
        CommandResult result = await frontend.RunAsync(OarCommandLine.Resources(jobId), Take, cancellationToken).ConfigureAwait(false);
        CheckRead(result);
        return resources;

        void Take(OutputLine line)
        {
            if (!line.IsError && OarResourceReader.Read(line.Text) is { } resource) resources.Add(resource);
        }
    }

    CommandResult CheckRead(CommandResult result) => result.EnsureSuccess("OarUnavailable", $"OAR at {Site} does not answer", Site,
        $"Try again in a minute; see https://www.grid5000.fr/status/ for incidents at {Site}.");

    /// <summary>
    /// Deletes a job and makes sure of it: repeats while the server only noted it, takes "already killed" and an ended job as done.
    /// </summary>
    /// <returns>False when the job is unknown or belongs to somebody else.</returns>
    /// <exception cref="G5kException"><c>OarDeleteTimeout</c>, <c>OarDeleteFailed</c>.</exception>
    public Task<bool> DeleteAsync(long jobId, CancellationToken cancellationToken = default) =>
        new OarDeletion(frontend, time, jobId).RunAsync(cancellationToken);

    /// <summary>Polls until the job is Running (or has ended, which is an error <c>JobEnded</c> that says why).</summary>
    /// <exception cref="G5kException"><c>JobEnded</c>, <c>JobWaitTimeout</c>, <c>JobNotFound</c>.</exception>
    public Task<OarJob> WaitRunningAsync(long jobId, TimeSpan timeout, Action<OarJob>? onChange = null, CancellationToken cancellationToken = default) =>
        new OarJobWaiter(this, time, jobId, onChange).RunAsync(timeout, cancellationToken);

    /// <summary>Why a job ended, from its events.</summary>
    public static OarJobEnd GetEnd(OarJob job) => OarJobEnds.Get(job);
}
