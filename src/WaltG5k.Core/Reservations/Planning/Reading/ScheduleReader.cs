using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations.Planning.Reading;

/// <summary>
/// Reads the schedules of sites, all at once: one status request each, <c>oarstat --gantt</c> on the front-end where the API does not give it. A site
/// that gives neither comes back with its error.
/// </summary>
/// <param name="silenceLimit">
/// How long the status of a site may take, in real time. A site that is silent for so long is only waited for at its front-end when no other could
/// do.
/// </param>
sealed class ScheduleReader(IGrid grid, IReporter reporter, ScheduleCache cache, TimeSpan silenceLimit)
{
    /// <summary>A large site prints some megabytes.</summary>
    static readonly TimeSpan s_ganttTimeout = TimeSpan.FromMinutes(3);
    /// <summary>How far the gantt is asked for: what is planned beyond is not seen.</summary>
    static readonly TimeSpan s_ganttHorizon = TimeSpan.FromDays(60);
    const int MaximumRequests = 4;
    const string Advice = "Try again in a minute, or plan without that site; incidents: https://www.grid5000.fr/status/";
    static readonly IReadOnlyDictionary<string, NodeFacts> s_noFacts = new Dictionary<string, NodeFacts>();

    readonly ApiConnection _api = new(grid);
    readonly Grid5000Client _reference = new(grid);

    /// <summary>Whether the sites stand for each other: one that is silent is then left out.</summary>
    public bool AreAlternatives { get; init; }

    /// <param name="vlansOnly">Sites of which only the VLANs are of interest.</param>
    public async Task<IReadOnlyList<SiteSchedule>> ReadAsync(IEnumerable<string> sites, IEnumerable<string> vlansOnly, TimeSpan guard,
        CancellationToken cancellationToken) =>
        await Task.WhenAll([.. sites.Select(s => ReadAsync(s, false, guard, cancellationToken)),
        .. vlansOnly.Select(s => ReadAsync(s, true, guard, cancellationToken))]).ConfigureAwait(false);

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
        catch (G5kException api) when (api.Code != "SiteSilent" || !(AreAlternatives || vlansOnly))
        {
            reporter.Verbose($"The API gives no schedule of {site} ({api.Message}): asking oarstat there.");
            try { return await ReadGanttAsync(site, guard, cancellationToken).ConfigureAwait(false); }
            catch (G5kException oar)
            {
                throw new G5kException("ScheduleUnavailable", ErrorKind.ResourceUnavailable,
                    $"Neither the API nor OAR tells what is planned at {site}: {api.Message} {oar.Message}", site,
                    Advice, api);
            }
        }
    }

    async Task<SiteSchedule> ReadStatusAsync(string site, bool vlansOnly, TimeSpan guard, CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<IReadOnlyDictionary<string, NodeFacts>> facts = vlansOnly ? Task.FromResult(s_noFacts) : GetFactsAsync(site, reading.Token);
        try
        {
            using JsonDocument status = await GetStatusAsync(site, vlansOnly, reading.Token).ConfigureAwait(false);
            return StatusReader.Read(site, status.RootElement, await facts.ConfigureAwait(false), grid.Time.GetUtcNow(), guard);
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
            await ((Task)facts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<JsonDocument> GetStatusAsync(string site, bool vlansOnly, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(silenceLimit);   // HTTP takes real time, whatever the clock of the grid
        // Without queues=all the production clusters are missing.
        string only = vlansOnly ? "&nodes=no&disks=no&subnets=no" : "";
        try
        {
            return await _api.GetAsync($"sites/{Uri.EscapeDataString(site)}/status?queues=all&waiting=yes&job_details=yes{only}", limit.Token)
                .ConfigureAwait(false) ?? throw ReferenceErrors.SiteNotFound(site);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new G5kException("SiteSilent", ErrorKind.OperationTimeout,
                string.Create(CultureInfo.InvariantCulture, $"The API has not told the status of {site} within {silenceLimit.TotalSeconds:0.#} s."),
                site, Advice, e);
        }
    }

    async Task<SiteSchedule> ReadGanttAsync(string site, TimeSpan guard, CancellationToken cancellationToken)
    {
        DateTimeOffset now = grid.Time.GetUtcNow();
        var request = new CommandRequest("oarstat", "-J", "--gantt",
            $"{GridZone.Format(now)}, {GridZone.Format(now + s_ganttHorizon)}") { Timeout = s_ganttTimeout };
        // A row per core, each of more than a kilobyte: taken as it comes, whatever the front-end keeps of the whole.
        var text = new StringBuilder();
        CommandResult result = await grid.GetFrontend(site)
            .RunAsync(request, line => { if (!line.IsError) text.Append(line.Text).Append('\n'); }, cancellationToken).ConfigureAwait(false);
        result.EnsureSuccess("OarUnavailable", $"OAR at {site} does not answer", site,
            $"Try again in a minute; see https://www.grid5000.fr/status/ for incidents at {site}.");
        IReadOnlyDictionary<string, NodeFacts>? facts = await FindFactsAsync(site, cancellationToken).ConfigureAwait(false);
        try
        {
            using JsonDocument gantt = JsonDocument.Parse(text.ToString());
            return GanttReader.Read(site, gantt.RootElement, facts ?? s_noFacts, now, guard) with { LacksReference = facts is null };
        }
        catch (JsonException e)
        {
            throw new G5kException("OarOutputUnreadable", ErrorKind.InvalidData,
                string.Create(CultureInfo.InvariantCulture, $"The answer of oarstat --gantt at {site} is no JSON: {e.Message}"), site,
                $"Try on the front-end of {site}: {request}", e);
        }
    }

    /// <summary>What the reference says of the nodes, or null when it is as silent as the status.</summary>
    async Task<IReadOnlyDictionary<string, NodeFacts>?> FindFactsAsync(string site, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(silenceLimit);
        try { return await GetFactsAsync(site, limit.Token).ConfigureAwait(false); }
        catch (G5kException) { return null; }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { return null; }
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
