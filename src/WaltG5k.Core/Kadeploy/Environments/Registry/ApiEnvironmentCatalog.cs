using System.Runtime.CompilerServices;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Core.Kadeploy;

/// <summary>The environments of a site through the API: one request for all descriptions, and no login at the front-end.</summary>
public sealed class ApiEnvironmentCatalog(IGrid grid, string site) : IEnvironmentCatalog
{
    readonly EnvironmentApi _api = new(grid, site);

    public string Site => site;

    /// <inheritdoc/>
    /// <exception cref="G5kException"><c>ApiUnreachable</c>, <c>ApiRefused</c> and others of the API.</exception>
    public async IAsyncEnumerable<EnvironmentInfo> ListAsync(
        string? owner, bool allVersions, Func<string, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = new EnvironmentQuery { User = owner, AllVersions = allVersions };
        await foreach (EnvironmentDescription description in _api.ListAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (isWanted(description.Name)) yield return new EnvironmentInfo(site, description);
        }
    }

    /// <inheritdoc/>
    public async Task<EnvironmentInfo?> FindAsync(EnvironmentSpecification specification, CancellationToken cancellationToken = default)
    {
        // The list of the API is asked by name, and knows no aliases that way.
        return await FindAsync(specification, specification.Name, d => d.Name, cancellationToken).ConfigureAwait(false)
            ?? await FindAsync(specification, null, d => d.Alias, cancellationToken).ConfigureAwait(false);
    }

    async Task<EnvironmentInfo?> FindAsync(EnvironmentSpecification wanted, string? name, Func<EnvironmentDescription, string?> nameOf,
        CancellationToken cancellationToken)
    {
        var query = new EnvironmentQuery { Name = name, User = wanted.User, Architecture = wanted.Architecture,
            AllVersions = wanted.Version is not null };
        EnvironmentDescription? best = null;
        await foreach (EnvironmentDescription found in _api.ListAsync(query, cancellationToken).ConfigureAwait(false))
        {
            bool fits = nameOf(found) == wanted.Name && (wanted.Version is null || found.Version == wanted.Version) && (wanted.User is null
                || found.Owner == wanted.User);
            if (fits && (best is null || Rank(found).CompareTo(Rank(best)) > 0)) best = found;
        }
        return best is null ? null : new EnvironmentInfo(site, best);

        // Where no architecture is named, the usual one is meant.
        (bool, long, bool) Rank(EnvironmentDescription environment) => (environment.Owner == grid.User, environment.Version,
            environment.Architecture is null or "x86_64");
    }
}
