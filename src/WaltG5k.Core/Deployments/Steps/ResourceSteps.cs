using WaltG5k.Core.Grid5000;

namespace WaltG5k.Core.Deployments.Steps;

/// <summary>What the jobs gave: the VLAN's number, the nodes with their adapters, the server among them.</summary>
static class ResourceSteps
{
    public static DeploymentStep VlanId(string site) => new("vlan.id", $"Read the number of the VLAN at {site}", async (context, cancellationToken) =>
    {
        int id = await context.Kavlan(site).GetJobVlanAsync(context.Facts.JobAt(site).JobId, cancellationToken).ConfigureAwait(false)
            ?? throw new G5kException("JobHasNoVlan", ErrorKind.ResourceUnavailable, $"The job {context.Facts.JobAt(site)} holds no VLAN.",
            context.Facts.JobAt(site).ToString(), "Reserve with -Vlan Local, or -Vlan Global for several sites.");
        context.Update(f => f with { VlanId = id });
        return $"VLAN {id}";
    })
    { Needs = [$"job.{site}"], Attempts = 3 };

    public static DeploymentStep Detect(string site, bool holdsServer) =>
        new($"resources.{site}", $"Identify the nodes of {site} and their network adapters", async (context, cancellationToken) =>
    {
        List<NodeInfo> nodes = [.. await Task.WhenAll(context.Facts.JobAt(site).Nodes.Select(n => context.Api.GetNodeAsync(n, cancellationToken)))
            .ConfigureAwait(false)];
        NodeInfo? server = null;
        if (holdsServer)
        {
            server = ChooseServer(site, nodes);
            nodes.Remove(server);
        }
        DeploymentNode[] found = [.. nodes.OrderBy(n => n.Cluster, StringComparer.Ordinal).ThenBy(n => Number(n.ShortName))
            .Select(n => new DeploymentNode(n.Name, n.ShortName, site, n.MainNic?.Mac ?? "", ""))];
        context.Update(f => f with
        {
            Server = server?.Name ?? f.Server,
            ServerNic = server is null ? f.ServerNic : SecondNic(server).Name,
            ServerNicAddress = server is null ? f.ServerNicAddress : SecondNic(server).NetworkAddress,
            Nodes = [.. f.Nodes.Where(n => n.Site != site).Concat(found).OrderBy(n => n.Site, StringComparer.Ordinal)],
        });
        foreach (NodeInfo node in nodes.Where(n => !n.CanBeWaltNode))
            context.Exclude(found.First(f => f.Name == node.Name), Findings.NodeNotBootable(node));
        return server is null ? $"{found.Length} node(s)" : $"server {server.ShortName}, {found.Length} node(s)";
    })
    { Needs = [$"job.{site}"], Attempts = 3 };

    /// <summary>The node that can be the server and is the smallest loss as a node: one that WalT could not boot anyway, else the first.</summary>
    static NodeInfo ChooseServer(string site, IReadOnlyList<NodeInfo> nodes) =>
        nodes.Where(n => n.CanBeWaltServer).OrderBy(n => n.CanBeWaltNode).ThenBy(n => n.Cluster, StringComparer.Ordinal)
        .ThenBy(n => Number(n.ShortName)).FirstOrDefault()
        ?? throw new G5kException("NoServerNode", ErrorKind.ResourceUnavailable,
        $"None of the nodes at {site} has two network adapters under KaVLAN, as a WalT server needs.", site,
            $"Reserve with -ServerNode. Candidates: Get-G5kNode -Site {site} -WaltServer");

    static NicInfo SecondNic(NodeInfo server) => server.Nics.First(n => n.IsUsableEthernet && n.Kavlan && n != server.MainNic);

    static int Number(string shortName) => int.TryParse(shortName.AsSpan(shortName.LastIndexOf('-') + 1), out int number) ? number : 0;
}
