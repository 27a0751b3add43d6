using System.Runtime.CompilerServices;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>Reading resources: those of a job, and those of the site.</summary>
public sealed partial class OarClient
{
    /// <summary>What oarnodes ends with when it knows none of the hosts.</summary>
    const int NothingFound = 255;

    /// <summary>The resources of a job, its VLAN among them.</summary>
    /// <exception cref="G5kException"><c>OarUnavailable</c>.</exception>
    public async Task<IReadOnlyList<OarJobResource>> GetResourcesAsync(long jobId, CancellationToken cancellationToken = default)
    {
        if (ReadsByRest)
        {
            try
            {
                return [.. (await _rest!.GetJobResourcesAsync(jobId, cancellationToken).ConfigureAwait(false)).Select(OarResourceDocument.ReadOfJob)];
            }
            catch (OarRestException)
            {
                // The commands know it too.
            }
        }
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

    /// <summary>Resources of the site, in the order of their ids.</summary>
    /// <exception cref="G5kException"><c>OarUnavailable</c>, <c>HostNotFound</c> (after the resources that were found),
    /// <c>InvalidProperty</c>.</exception>
    public async IAsyncEnumerable<OarResource> GetResourcesAsync(OarResourceQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<OarResource> resources = await ReadResourcesAsync(query, cancellationToken).ConfigureAwait(false);
        if (resources.Count == 0 && query.Property is { } property) await CheckPropertyAsync(property, cancellationToken).ConfigureAwait(false);
        foreach (OarResource resource in resources.OrderBy(r => r.Id)) yield return resource;
        // Where other conditions apply too, nothing found does not mean that the host is unknown.
        if (query is { Hosts.Count: > 0, Property: null, Types.Count: 0, ResourceIds.Count: 0 }) CheckHosts(query, resources);
    }

    /// <summary>The nodes that have a property, in the order of their names.</summary>
    /// <param name="property">SQL over OAR's properties.</param>
    /// <exception cref="G5kException"><c>OarUnavailable</c>, <c>InvalidProperty</c>.</exception>
    public async Task<IReadOnlyList<string>> GetHostsAsync(string property, CancellationToken cancellationToken = default)
    {
        List<OarResource> rows = await ReadRowsAsync(OarSql.OneRowPerNode(property), cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0) await CheckPropertyAsync(property, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(r => r.Host).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    async Task<List<OarResource>> ReadResourcesAsync(OarResourceQuery query, CancellationToken cancellationToken)
    {
        // REST knows no conditions: it is asked for the whole table, which costs more than a few rows by the command.
        if (ReadsByRest && query is { Property: null, Hosts.Count: 0, ResourceIds.Count: 0, Types.Count: 0 })
        {
            try
            {
                return [.. (await _rest!.GetResourcesAsync(cancellationToken).ConfigureAwait(false))
                    .Select(row => OarResourceDocument.Read(Site, null, row)).OfType<OarResource>()];
            }
            catch (OarRestException)
            {
                // The commands know it too.
            }
        }
        return await ReadRowsAsync(OarSql.Resources(query), cancellationToken).ConfigureAwait(false);
    }

    async Task<List<OarResource>> ReadRowsAsync(string condition, CancellationToken cancellationToken)
    {
        var rows = new OarRows((id, row) => OarResourceDocument.Read(Site, id, row));
        CommandResult result = await frontend.RunAsync(OarCommandLine.Resources(condition), rows.Take, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus == NothingFound && result.Error.Contains("no result to encode", StringComparison.Ordinal)) return [];
        CheckRead(result);
        return rows.ToList(Site, "oarnodes -J");
    }

    /// <summary>
    /// An error in SQL gives nothing, like a condition that no resource fulfils: joined with one that must give something it shows. VLANs are few
    /// rows; the whole table is only asked for where there are none.
    /// </summary>
    async Task CheckPropertyAsync(string property, CancellationToken cancellationToken)
    {
        foreach (string certain in (string[])["type LIKE 'kavlan%'", "resource_id >= 0"])
        {
            List<OarResource> rows = await ReadRowsAsync($"({property}) OR {certain}", cancellationToken).ConfigureAwait(false);
            if (rows.Count > 0) return;
        }
        throw new G5kException("InvalidProperty", ErrorKind.InvalidArgument, $"OAR at {Site} cannot read the condition: {property}", property,
            "Write SQL over OAR's properties, texts in single quotes: \"cluster = 'gros' AND eth_count >= 2\". The properties there are: Get-OarResource | Select-Object -First 1 -ExpandProperty Properties");
    }

    void CheckHosts(OarResourceQuery query, List<OarResource> found)
    {
        string[] missing = [.. query.Hosts.Where(h =>
            !found.Any(r => r.Host == h || (!h.Contains('.', StringComparison.Ordinal)
            && r.Host?.StartsWith(h + ".", StringComparison.Ordinal) == true)))];
        if (missing.Length == 0) return;
        throw new G5kException("HostNotFound", ErrorKind.ObjectNotFound, $"OAR at {Site} knows no host {string.Join(", ", missing)}.",
            missing.Length == 1 ? missing[0] : missing,
            $"List those of a cluster: Get-G5kNode -Site {Site}");
    }
}
