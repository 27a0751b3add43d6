using System.Globalization;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Core.Recipes;

/// <summary>Compares a recipe with what Grid'5000 has. Everything wrong is found in one go.</summary>
sealed class RecipeCheck(Grid5000Client reference)
{
    /// <summary>VLANs from this id on are global: visible on all sites.</summary>
    const int FirstGlobalVlan = 10;

    public async Task<IReadOnlyList<G5kException>> RunAsync(WaltRecipe recipe, CancellationToken cancellationToken)
    {
        List<G5kException> problems = [];
        List<SiteInfo> sites = [];
        await foreach (SiteInfo site in reference.GetSitesAsync(cancellationToken).ConfigureAwait(false)) sites.Add(site);
        if (!RecipeStore.IsValidName(recipe.Name)) problems.Add(RecipeErrors.InvalidName(recipe.Name, exists: false));
        if (recipe.Walltime.Duration <= TimeSpan.Zero)
            problems.Add(new G5kException("InvalidWalltime", ErrorKind.InvalidArgument, "The recipe has no walltime.", recipe.Name,
                $"Set-WaltRecipe {recipe.Name} -Walltime 1:00"));

        await CheckServerAsync(recipe, sites, problems, cancellationToken).ConfigureAwait(false);
        if (recipe.NodeCounts.Count == 0)
            problems.Add(new G5kException("RecipeWithoutNodes", ErrorKind.InvalidArgument, "The recipe asks for no node.", recipe.Name,
                $"Set-WaltRecipe {recipe.Name} -NodeCount @{{ {recipe.ServerSite ?? "nancy"} = 2 }}"));
        foreach ((string site, int count) in recipe.NodeCounts)
            await CheckNodesAsync(recipe, site, count, sites, problems, cancellationToken).ConfigureAwait(false);

        int involved = recipe.NodeCounts.Keys.Concat(recipe.ServerSite is { } s ? [s] : []).Distinct().Count();
        if (involved > 1 && !sites.Any(i => i.Vlans.Any(v => v >= FirstGlobalVlan)))
            problems.Add(new G5kException("GlobalVlanMissing", ErrorKind.ResourceUnavailable,
                "A recipe over several sites needs a global VLAN, and no site has one.", recipe.Name, "Use the nodes of one site."));
        return problems;
    }

    async Task CheckServerAsync(WaltRecipe recipe, List<SiteInfo> sites, List<G5kException> problems, CancellationToken cancellationToken)
    {
        if (recipe.ServerSite is not { } server)
        {
            problems.Add(new G5kException("ServerSiteMissing", ErrorKind.InvalidArgument,
                "The recipe does not say on which site the WalT server runs.", recipe.Name,
                await ServerAdviceAsync(recipe, sites, cancellationToken).ConfigureAwait(false)));
        }
        else if (sites.All(s => s.Name != server))
        {
            problems.Add(SiteNotFound(server, sites));
        }
        else if ((await reference.GetServerClustersAsync(server, cancellationToken).ConfigureAwait(false)).Count == 0)
        {
            problems.Add(new G5kException("SiteHasNoServer", ErrorKind.InvalidArgument,
                $"No cluster of {server} can run the WalT server: it takes a node with two network adapters under KaVLAN.", server,
                await ServerAdviceAsync(recipe, sites, cancellationToken).ConfigureAwait(false)));
        }
    }

    /// <summary>A command with a site that can run the server, and all such sites.</summary>
    async Task<string> ServerAdviceAsync(WaltRecipe recipe, List<SiteInfo> sites, CancellationToken cancellationToken)
    {
        IReadOnlyList<ClusterInfo>[] clusters = await Task.WhenAll(sites.Select(s => reference.GetServerClustersAsync(s.Name, cancellationToken)))
            .ConfigureAwait(false);
        string[] able = [.. sites.Zip(clusters).Where(p => p.Second.Count > 0).Select(p => p.First.Name)];
        if (able.Length == 0) return "Get-G5kCluster shows what the sites have.";
        string first = recipe.NodeCounts.Keys.FirstOrDefault(able.Contains) ?? able[0];
        return $"Set-WaltRecipe {recipe.Name} -ServerSite {first}   (sites that can: {string.Join(", ", able)})";
    }

    async Task CheckNodesAsync(WaltRecipe recipe, string site, int count, List<SiteInfo> sites, List<G5kException> problems,
        CancellationToken cancellationToken)
    {
        if (sites.All(s => s.Name != site))
        {
            problems.Add(SiteNotFound(site, sites));
            return;
        }
        if (count < 1)
        {
            problems.Add(new G5kException("InvalidNodeCount", ErrorKind.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"{count} is not a number of nodes for {site}."), site,
                $"Set-WaltRecipe {recipe.Name} -NodeCount @{{ {site} = 2 }}"));
            return;
        }
        int available = await CountWaltNodesAsync(site, cancellationToken).ConfigureAwait(false);
        if (count <= available) return;
        problems.Add(new G5kException("TooFewNodes", ErrorKind.InvalidArgument,
            string.Create(CultureInfo.InvariantCulture, $"{count} nodes are asked for on {site}, which has {available} that WalT can boot."), site,
            available > 0 ? string.Create(CultureInfo.InvariantCulture, $"Set-WaltRecipe {recipe.Name} -NodeCount @{{ {site} = {available} }}")
            : $"Use another site: Get-G5kCluster"));
    }

    async Task<int> CountWaltNodesAsync(string site, CancellationToken cancellationToken)
    {
        int available = 0;
        foreach (ClusterInfo cluster in await reference.GetWaltNodeClustersAsync(site, cancellationToken).ConfigureAwait(false))
        {
            await foreach (NodeInfo node in reference.GetNodesAsync(cluster, cancellationToken).ConfigureAwait(false))
            {
                if (node.CanBeWaltNode) available++;
            }
        }
        return available;
    }

    static G5kException SiteNotFound(string site, List<SiteInfo> sites) =>
        new("SiteNotFound", ErrorKind.ObjectNotFound, $"There is no site '{site}'.", site,
        Suggestions.Near(site, sites.Select(s => s.Name)) is { Count: > 0 } near
        ? $"Did you mean {string.Join(" or ", near)}? Otherwise run: Get-G5kSite"
        : "Get-G5kSite");
}
