using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>What the cmdlets over environments share: the registry of a site, descriptions in files, names for completion.</summary>
internal static class EnvironmentAccess
{
    public static EnvironmentRegistry OpenRegistry(G5kCmdlet cmdlet, string site) => new(cmdlet.Grid.GetFrontend(site), cmdlet.Grid.User);

    /// <summary>To look at environments only: by kaenv3, or by the API on demand and where the front-end cannot help.</summary>
    public static IEnvironmentCatalog OpenCatalog(G5kCmdlet cmdlet, string site, bool useApi = false)
    {
        var api = new ApiEnvironmentCatalog(cmdlet.Grid, site);
        return useApi ? api : new FallbackEnvironmentCatalog(OpenRegistry(cmdlet, site), api, cmdlet);
    }

    /// <summary>The environment that is meant at a site.</summary>
    /// <exception cref="G5kException"><c>InvalidEnvironmentName</c>, <c>EnvironmentNotFound</c>.</exception>
    public static async Task<EnvironmentInfo> FindAsync(G5kCmdlet cmdlet, string site, EnvironmentSpecification wanted,
        CancellationToken cancellationToken) =>
        await OpenCatalog(cmdlet, site).FindAsync(wanted, cancellationToken).ConfigureAwait(false) ?? throw NotFound(cmdlet, site, wanted.ToString());

    public static G5kException NotFound(G5kCmdlet cmdlet, string site, string name)
    {
        IEnumerable<string> known = cmdlet.Names.Read().Environments.GetValueOrDefault(site, []).Select(EnvironmentSpecification.TryParse)
            .OfType<EnvironmentSpecification>().Select(e => e.Name).Distinct();
        return Failures.EnvironmentNotFound(site, name, known);
    }

    /// <summary>
    /// The description that a reference means: that of the object, or that of a registered environment of that name, at the sites given or else
    /// wherever the connection looks first.
    /// </summary>
    public static async Task<EnvironmentDescription> DescribeAsync(G5kCmdlet cmdlet, EnvironmentRef reference, IReadOnlyList<string> sites,
        CancellationToken cancellationToken)
    {
        if (reference.Definition is { } given) return given;
        IReadOnlyList<string> where = await OarAccess.GetSitesAsync(cmdlet, sites, cancellationToken).ConfigureAwait(false);
        if (where.Count == 0) throw Failures.EnvironmentSiteMissing(reference.Name);
        return (await FindAsync(cmdlet, where[0], EnvironmentSpecification.Parse(reference.Name), cancellationToken)
            .ConfigureAwait(false)).Definition;
    }

    /// <summary>The sites to register at: those given, those of the connection, or the only one.</summary>
    public static async Task<IReadOnlyList<string>> GetTargetSitesAsync(G5kCmdlet cmdlet, IReadOnlyList<string> given, string name,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<string> sites = await OarAccess.GetSitesAsync(cmdlet, given, cancellationToken).ConfigureAwait(false);
        return given.Count > 0 || sites.Count == 1 || cmdlet.Grid.OwnSites.Count > 0 ? sites : throw Failures.EnvironmentSiteMissing(name);
    }
}
