using System.Runtime.CompilerServices;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>Reading jobs.</summary>
public sealed partial class OarClient
{
    /// <summary>More jobs than this are read by one oarstat: REST describes one job per question, at about a tenth of oarstat's price.</summary>
    const int MostJobsByRest = 12;
    /// <summary>Jobs described by one oarstat: later ones come while the first are used.</summary>
    const int MostJobsByCommand = 250;

    /// <summary>The job, or null when OAR does not know it.</summary>
    /// <exception cref="G5kException"><c>OarUnavailable</c>, <c>OarOutputUnreadable</c>.</exception>
    public async Task<OarJob?> GetJobAsync(long jobId, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<OarJob> jobs = await DescribeAsync([jobId], cancellationToken).ConfigureAwait(false);
        return jobs.FirstOrDefault(j => j.Id == jobId);
    }

    /// <summary>Jobs as they are read, by REST where there is one, else by the commands. Unknown ids are left out.</summary>
    /// <exception cref="G5kException"><c>OarUnavailable</c>, <c>OarOutputUnreadable</c>.</exception>
    public async IAsyncEnumerable<OarJob> GetJobsAsync(OarJobQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Without ids there is one part: the list.
        foreach (IReadOnlyList<long> ids in query.JobIds.Count == 0 ? [[]] : query.JobIds.Distinct().Chunk(MostJobsByCommand))
        {
            IReadOnlyList<OarJob> jobs = ids.Count > 0
                ? await DescribeAsync(ids, cancellationToken).ConfigureAwait(false)
                : await ListAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (OarJob job in jobs.Where(query.Matches))
            {
                yield return query.WithVlans ? await AddVlansAsync(job, cancellationToken).ConfigureAwait(false) : job;
            }
        }
    }

    /// <summary>Jobs of the user that have not ended, optionally those of one name.</summary>
    /// <exception cref="G5kException"><c>OarUnavailable</c>, <c>OarOutputUnreadable</c>.</exception>
    public Task<IReadOnlyList<OarJob>> FindJobsAsync(string user, string? name = null, CancellationToken cancellationToken = default) =>
        FindAsync(new OarJobQuery { User = user, Name = name }, cancellationToken);

    /// <summary>Like <see cref="FindJobsAsync"/>, of the user that runs the commands.</summary>
    internal Task<IReadOnlyList<OarJob>> FindOwnJobsAsync(string name, CancellationToken cancellationToken) =>
        FindAsync(new OarJobQuery { Name = name }, cancellationToken);

    /// <summary>
    /// By the commands alone: REST's list leaves out a reservation that has not been validated, and this search is made to find what a lost
    /// connection has left.
    /// </summary>
    async Task<IReadOnlyList<OarJob>> FindAsync(OarJobQuery query, CancellationToken cancellationToken) =>
        [.. (await ReadJobsAsync(OarCommandLine.List(query, user), cancellationToken).ConfigureAwait(false)).Where(query.Matches)];

    async Task<IReadOnlyList<OarJob>> ListAsync(OarJobQuery query, CancellationToken cancellationToken)
    {
        string? owner = query.User == OarJobQuery.Everybody ? null : query.User ?? user;
        if (ReadsByRest && !query.AsksForEnded && (owner is not null || query.User == OarJobQuery.Everybody))
        {
            try
            {
                IReadOnlyList<long> ids = await _rest!.ListJobIdsAsync(owner, cancellationToken).ConfigureAwait(false);
                if (ids.Count <= MostJobsByRest) return await DescribeByRestAsync(ids, cancellationToken).ConfigureAwait(false);
            }
            catch (OarRestException)
            {
                // The commands know it too.
            }
        }
        return await ReadJobsAsync(OarCommandLine.List(query, user), cancellationToken).ConfigureAwait(false);
    }

    async Task<IReadOnlyList<OarJob>> DescribeAsync(IReadOnlyList<long> jobIds, CancellationToken cancellationToken)
    {
        if (ReadsByRest && jobIds.Count <= MostJobsByRest)
        {
            try
            {
                return await DescribeByRestAsync(jobIds, cancellationToken).ConfigureAwait(false);
            }
            catch (OarRestException)
            {
                // The commands know it too.
            }
        }
        return await ReadJobsAsync(OarCommandLine.Describe(jobIds), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One after the other: the server's one process answers one question at a time.</summary>
    async Task<IReadOnlyList<OarJob>> DescribeByRestAsync(IReadOnlyList<long> jobIds, CancellationToken cancellationToken)
    {
        var jobs = new List<OarJob>();
        foreach (long id in jobIds)
        {
            if (await _rest!.GetJobAsync(id, cancellationToken).ConfigureAwait(false) is { } job) jobs.Add(job);
        }
        return jobs;
    }

    async Task<IReadOnlyList<OarJob>> ReadJobsAsync(CommandRequest command, CancellationToken cancellationToken)
    {
        var jobs = new OarJobReader(Site);
        CheckRead(await frontend.RunAsync(command, jobs.Take, cancellationToken).ConfigureAwait(false));
        return jobs.ToList();
    }

    async Task<OarJob> AddVlansAsync(OarJob job, CancellationToken cancellationToken)
    {
        if (!job.WantedResources.Contains("vlan", StringComparison.Ordinal)) return job with { Vlans = [] };
        IReadOnlyList<OarJobResource> resources = await GetResourcesAsync(job.Id, cancellationToken).ConfigureAwait(false);
        return job with { Vlans = [.. resources.Select(r => r.VlanNumber).OfType<int>().Order()] };
    }

    CommandResult CheckRead(CommandResult result) =>
        OarFailures.CheckInstalled(result, Site).EnsureSuccess("OarUnavailable", $"OAR at {Site} does not answer", Site,
        $"Try again in a minute; see https://www.grid5000.fr/status/ for incidents at {Site}.");
}
