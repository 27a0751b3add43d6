using System.Collections.ObjectModel;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Walt;

namespace WaltG5k.Core.Deployments;

/// <summary>Connects to the WalT server of a deployment, with Grid'5000's ways to reach its nodes.</summary>
static class WaltServers
{
    public static WaltServer Open(IGrid grid, IFrontend frontend, string host, IReadOnlyList<DeploymentNode> nodes, IReporter reporter)
    {
        WaltServer server = new(frontend, host, DeploymentContext.WaltUser, grid.Time, reporter)
        {
            // WalT's own hard reboot needs PoE switches; on Grid'5000 the management cards do it, site by site.
            HardReboot = async (names, cancellationToken) =>
            {
                var failed = new Dictionary<string, string>(StringComparer.Ordinal);
                Dictionary<string, DeploymentNode> known = nodes.ToDictionary(n => n.WaltName, StringComparer.Ordinal);
                foreach (string unknown in names.Where(n => !known.ContainsKey(n))) failed[unknown] = "not a node of this deployment";
                var orders = names.Where(known.ContainsKey).Select(n => known[n]).GroupBy(n => n.Site)
                    .Select(async site => (Site: site, Failures: await RebootAsync(grid.GetFrontend(site.Key), [.. site], cancellationToken)
                    .ConfigureAwait(false)));
                foreach ((_, IReadOnlyDictionary<string, string> failures) in await Task.WhenAll(orders).ConfigureAwait(false))
                    foreach ((string name, string reason) in failures) failed[name] = reason;
                return failed;
            },
        };
        server.UseImageLinks();
        server.ReadFirmware = (names, cancellationToken) =>
            ReadFirmwareAsync(grid, [.. nodes.Where(n => names.Contains(n.WaltName))], cancellationToken);
        return server;
    }

    /// <summary>The nodes of a cluster are alike: one is asked for all.</summary>
    static async Task<IReadOnlyDictionary<string, string>> ReadFirmwareAsync(IGrid grid, IReadOnlyList<DeploymentNode> nodes,
        CancellationToken cancellationToken)
    {
        var reference = new Grid5000Client(grid);
        var firmware = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (IGrouping<(string Site, string Cluster), DeploymentNode> cluster in nodes.GroupBy(n =>
            (n.Site, n.Name[..Math.Max(0, n.Name.Split('.')[0].LastIndexOf('-'))])))
        {
            string kind = (await reference.GetNodeAsync(cluster.First().Name, cancellationToken).ConfigureAwait(false)).BootType;
            foreach (DeploymentNode node in cluster) firmware[node.WaltName] = kind;
        }
        return firmware;
    }

    static async Task<IReadOnlyDictionary<string, string>> RebootAsync(IFrontend frontend, IReadOnlyList<DeploymentNode> nodes,
        CancellationToken cancellationToken)
    {
        try
        {
            await HardReboot.OrderAsync(new KadeployClient(frontend), [.. nodes.Select(n => n.Name)], cancellationToken).ConfigureAwait(false);
            return ReadOnlyDictionary<string, string>.Empty;
        }
        catch (G5kException e)
        {
            return nodes.ToDictionary(n => n.WaltName, _ => e.Message, StringComparer.Ordinal);
        }
    }
}
