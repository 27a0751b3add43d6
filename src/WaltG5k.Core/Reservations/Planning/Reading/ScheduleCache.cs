using System.Collections.Concurrent;

namespace WaltG5k.Core.Reservations.Planning.Reading;

/// <summary>
/// What a connection has read lately: schedules for some seconds, so that a search and the reservation that follows it ask once; facts of nodes,
/// which change with the months, and which nodes have a property, for some minutes. Safe for use by many threads.
/// </summary>
public sealed class ScheduleCache
{
    static readonly TimeSpan s_scheduleAge = TimeSpan.FromSeconds(5), s_factsAge = TimeSpan.FromMinutes(30), s_hostsAge = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<string, SiteSchedule> _schedules = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, (DateTimeOffset ReadAt, IReadOnlyDictionary<string, NodeFacts> Facts)> _facts = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<(string Site, string Property), (DateTimeOffset ReadAt, IReadOnlyList<string> Hosts)> _hosts = [];

    internal SiteSchedule? FindSchedule(string key, DateTimeOffset now) =>
        _schedules.TryGetValue(key, out SiteSchedule? found) && now - found.ReadAt < s_scheduleAge ? found : null;

    internal void Keep(string key, SiteSchedule schedule) => _schedules[key] = schedule;

    internal IReadOnlyDictionary<string, NodeFacts>? FindFacts(string site, DateTimeOffset now) =>
        _facts.TryGetValue(site, out (DateTimeOffset ReadAt, IReadOnlyDictionary<string, NodeFacts> Facts) found) && now - found.ReadAt < s_factsAge
        ? found.Facts
        : null;

    internal void Keep(string site, IReadOnlyDictionary<string, NodeFacts> facts, DateTimeOffset now) => _facts[site] = (now, facts);

    internal IReadOnlyList<string>? FindHosts(string site, string property, DateTimeOffset now) =>
        _hosts.TryGetValue((site, property), out (DateTimeOffset ReadAt, IReadOnlyList<string> Hosts) found) && now - found.ReadAt < s_hostsAge
        ? found.Hosts
        : null;

    internal void Keep(string site, string property, IReadOnlyList<string> hosts, DateTimeOffset now) => _hosts[(site, property)] = (now, hosts);

    /// <summary>Forgets the schedules: something was reserved or refused.</summary>
    public void Clear() => _schedules.Clear();
}
