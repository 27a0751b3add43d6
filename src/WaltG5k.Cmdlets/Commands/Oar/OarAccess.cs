using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>What the OAR cmdlets share: which site is meant, OAR there, and which jobs this session has seen.</summary>
internal static class OarAccess
{
    /// <summary>Commands at different sites and on different jobs that may run at the same time.</summary>
    public const int ThrottleLimit = 8;

    public static OarClient Oar(G5kCmdlet cmdlet, string site) => OarClient.For(cmdlet.Grid, site);

    /// <summary>The site as given, else the connection's own, else the only one there is; null when there are several.</summary>
    public static async Task<string?> FindSiteAsync(G5kCmdlet cmdlet, string? given, CancellationToken cancellationToken)
    {
        if (given is { Length: > 0 }) return given;
        IReadOnlyList<string> sites = await GetSitesAsync(cmdlet, [], cancellationToken).ConfigureAwait(false);
        return sites.Count == 1 ? sites[0] : null;
    }

    /// <summary>
    /// The sites that are meant: plain names as they are, patterns as the reference data knows them; nothing given is the connection's own sites, or
    /// all. A pattern that matches nothing is no error.
    /// </summary>
    public static async Task<IReadOnlyList<string>> GetSitesAsync(G5kCmdlet cmdlet, IReadOnlyList<string> given, CancellationToken cancellationToken)
    {
        if (given.Count == 0 && cmdlet.Grid.OwnSites is { Count: > 0 } own) return own;
        if (given.Count > 0 && !given.Any(s => s.AsSpan().ContainsAny('*', '?', '['))) return [.. given.Distinct(StringComparer.Ordinal)];
        var wanted = new NameFilter(given);
        IReadOnlyList<string> all = await GetAllSitesAsync(cmdlet, cancellationToken).ConfigureAwait(false);
        // Plain names among the patterns are kept even where they are unknown: the front-end says so.
        return [.. all.Where(s => wanted.Matches(s)).Concat(wanted.Unmatched).Distinct(StringComparer.Ordinal)];
    }

    static async Task<IReadOnlyList<string>> GetAllSitesAsync(G5kCmdlet cmdlet, CancellationToken cancellationToken)
    {
        List<SiteInfo> sites = [];
        await foreach (SiteInfo site in cmdlet.Api.GetSitesAsync(cancellationToken).ConfigureAwait(false)) sites.Add(site);
        cmdlet.Names.Add(sites);
        return [.. sites.Select(s => s.Name)];
    }

    /// <summary>Does the same at each site, in parallel; the failure of one is an error record and leaves the others alone.</summary>
    public static Task AtEachSiteAsync(G5kCmdlet cmdlet, IEnumerable<string> sites, Func<string, CancellationToken, Task> act,
        CancellationToken cancellationToken) =>
        ForEachAsync(cmdlet, sites, act, cancellationToken);

    public static Task ForEachAsync<T>(G5kCmdlet cmdlet, IEnumerable<T> items, Func<T, CancellationToken, Task> act,
        CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(items, options, async (item, token) =>
        {
            try { await act(item, token).ConfigureAwait(false); }
            catch (Exception e) when (e is G5kException or HttpRequestException) { cmdlet.WriteFailure(e); }
        });
    }

    /// <summary>Gives bare numbers their site; a job whose site nobody knows is an error record.</summary>
    public static async Task<IReadOnlyList<OarJobRef>> LocateAsync(
        G5kCmdlet cmdlet, IReadOnlyList<OarJobRef> jobs, string? given, CancellationToken cancellationToken)
    {
        if (jobs.All(j => j.Site.Length > 0)) return jobs;
        string? site = await FindSiteAsync(cmdlet, given, cancellationToken).ConfigureAwait(false);
        List<OarJobRef> located = [];
        foreach (OarJobRef job in jobs)
        {
            if (job.Site.Length > 0) located.Add(job);
            else if (site is not null) located.Add(job with { Site = site });
            else cmdlet.WriteFailure(Failures.JobSiteMissing(job));
        }
        return located;
    }

    public static void Remember(G5kSession session, OarJob job) => session.JobNames[$"{job.Site}:{job.Id}"] = $"{job.State} {job.Name}".TrimEnd();

    /// <summary>The job as OAR describes it now.</summary>
    /// <exception cref="G5kException"><c>JobNotFound</c>.</exception>
    public static async Task<OarJob> GetAsync(G5kCmdlet cmdlet, OarJobRef job, CancellationToken cancellationToken) =>
        await Oar(cmdlet, job.Site).GetJobAsync(job.Id, cancellationToken).ConfigureAwait(false) ?? throw NotFound(cmdlet.Session, job);

    /// <summary>A job that is unknown where it was looked for; the same number seen at another site is a likely mistake.</summary>
    public static G5kException NotFound(G5kSession session, OarJobRef job)
    {
        string number = $":{job.Id}";
        return Failures.JobNotFound(job, [.. session.JobNames.Keys.Where(n => n.EndsWith(number, StringComparison.Ordinal) && n != job.ToString())
            .Order(StringComparer.Ordinal)]);
    }
}
