using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations.Planning.Reading;

/// <summary>
/// Reads the schedules of sites, all at once: one status request each, <c>oarstat --gantt</c> on the front-end where the API does not give it. A site that
/// gives neither comes back with its error.
/// </summary>
sealed class ScheduleReader(IGrid grid, IReporter reporter, ScheduleCache cache)
{
    /// <summary>A large site prints some megabytes. The API has the time limit of its client.</summary>
    static readonly TimeSpan s_ganttTimeout = TimeSpan.FromMinutes(3);
    /// <summary>How far the gantt is asked for: what is planned beyond is not seen.</summary>
    static readonly TimeSpan s_ganttHorizon = TimeSpan.FromDays(60);
    const int MaximumRequests = 4;

    readonly ApiReader _api = new(grid);
    readonly Grid5000Client _reference = new(grid);

    /// <param name="vlansOnly">Sites of which only the VLANs are of interest.</param>
    public async Task<IReadOnlyList<SiteSchedule>> ReadAsync(IEnumerable<string> sites, IEnumerable<string> vlansOnly, TimeSpan guard, CancellationToken cancellationToken) =>
        await Task.WhenAll([.. sites.Select(s => ReadAsync(s, false, guard, cancellationToken)), .. vlansOnly.Select(s => ReadAsync(s, true, guard, cancellationToken))]).ConfigureAwait(false);

    async Task<SiteSchedule> ReadAsync(string site, bool vlansOnly, TimeSpan guard, CancellationToken cancellationToken)
    {
        string key = vlansOnly ? $"{site} vlans" : site;
        if (cache.FindSchedule(key, grid.Time.GetUtcNow()) is { } kept) return kept;
        try
        {
            SiteSchedule schedule = await ReadOneWayOrOtherAsync(site, vlansOnly, guard, cancellationToken).ConfigureAwait(false);
            cache.Keep(key, schedule);
            return schedule;
        }
        catch (G5kException e)
        {
            reporter.Warning($"{site} could not be read and has no part in the plan: {e.Message}");
            return new SiteSchedule(site) { Error = e, ReadAt = grid.Time.GetUtcNow() };
        }
    }

    async Task<SiteSchedule> ReadOneWayOrOtherAsync(string site, bool vlansOnly, TimeSpan guard, CancellationToken cancellationToken)
    {
        try { return await ReadStatusAsync(site, vlansOnly, guard, cancellationToken).ConfigureAwait(false); }
        catch (G5kException api)
        {
            reporter.Verbose($"The API gives no schedule of {site} ({api.Message}): asking oarstat there.");
            try { return await ReadGanttAsync(site, guard, cancellationToken).ConfigureAwait(false); }
            catch (G5kException oar)
            {
                throw new G5kException("ScheduleUnavailable", ErrorKind.ResourceUnavailable, $"Neither the API nor OAR tells what is planned at {site}: {api.Message} {oar.Message}", site,
                    "Try again in a minute, or plan without that site; incidents: https://www.grid5000.fr/status/", api);
            }
        }
    }

    async Task<SiteSchedule> ReadStatusAsync(string site, bool vlansOnly, TimeSpan guard, CancellationToken cancellationToken)
    {
        Task<IReadOnlyDictionary<string, NodeFacts>> facts = vlansOnly ? Task.FromResult<IReadOnlyDictionary<string, NodeFacts>>(new Dictionary<string, NodeFacts>()) : GetFactsAsync(site, cancellationToken);
        // Without queues=all the production clusters are missing.
        string only = vlansOnly ? "&nodes=no&disks=no&subnets=no" : "";
        using JsonDocument? status = await _api.GetAsync($"sites/{Uri.EscapeDataString(site)}/status?queues=all&waiting=yes&job_details=yes{only}", cancellationToken).ConfigureAwait(false);
        if (status is null) throw ReferenceErrors.SiteNotFound(site);
        return StatusReader.Read(site, status.RootElement, await facts.ConfigureAwait(false), grid.Time.GetUtcNow(), guard);
    }

    async Task<SiteSchedule> ReadGanttAsync(string site, TimeSpan guard, CancellationToken cancellationToken)
    {
        DateTimeOffset now = grid.Time.GetUtcNow();
        var request = new CommandRequest("oarstat", "-J", "--gantt", $"{GridZone.Format(now)}, {GridZone.Format(now + s_ganttHorizon)}") { Timeout = s_ganttTimeout };
        // A row per core, each of more than a kilobyte: taken as it comes, whatever the front-end keeps of the whole.
        var text = new StringBuilder();
        CommandResult result = await grid.GetFrontend(site).RunAsync(request, line => { if (!line.IsError) text.Append(line.Text).Append('\n'); }, cancellationToken).ConfigureAwait(false);
        result.EnsureSuccess("OarUnavailable", $"OAR at {site} does not answer", site, $"Try again in a minute; see https://www.grid5000.fr/status/ for incidents at {site}.");
        IReadOnlyDictionary<string, NodeFacts> facts = cache.FindFacts(site, now) ?? new Dictionary<string, NodeFacts>();
        try
        {
            using JsonDocument gantt = JsonDocument.Parse(text.ToString());
            return GanttReader.Read(site, gantt.RootElement, facts, now, guard);
        }
        catch (JsonException e)
        {
            throw new G5kException("OarOutputUnreadable", ErrorKind.InvalidData, string.Create(CultureInfo.InvariantCulture, $"The answer of oarstat --gantt at {site} is no JSON: {e.Message}"), site, $"Try on the front-end of {site}: {request}", e);
        }
    }

    /// <summary>Facts of all nodes of a site: read once.</summary>
    async Task<IReadOnlyDictionary<string, NodeFacts>> GetFactsAsync(string site, CancellationToken cancellationToken)
    {
        DateTimeOffset now = grid.Time.GetUtcNow();
        if (cache.FindFacts(site, now) is { } kept) return kept;
        var clusters = new List<ClusterInfo>();
        await foreach (ClusterInfo cluster in _reference.GetClustersAsync(site, cancellationToken).ConfigureAwait(false)) clusters.Add(cluster);
        var facts = new ConcurrentDictionary<string, NodeFacts>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaximumRequests, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(clusters, options, async (cluster, token) =>
        {
            await foreach (NodeInfo node in _reference.GetNodesAsync(cluster, token).ConfigureAwait(false)) facts[node.Name] = NodeFacts.From(node);
        }).ConfigureAwait(false);
        cache.Keep(site, facts, now);
        return facts;
    }
}
