using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.IntegrationTests.Lab;

[Collection(LabCollection.Name)]
public class LabTests(OarLab lab)
{
    [LabFact]
    public async Task The_reference_api_describes_the_nodes_that_oar_has()
    {
        await using IGrid grid = await lab.OpenAsync();
        var api = new Grid5000Client(grid);
        foreach (LabSite site in LabSites.All)
        {
            var described = new List<string>();
            await foreach (ClusterInfo cluster in api.GetClustersAsync(site.Name))
                await foreach (NodeInfo node in api.GetNodesAsync(cluster)) described.Add(node.Name);
            string listed = (await grid.GetFrontend(site.Name).RunAsync(new CommandRequest("oarnodes", "-l"))).Output;
            Assert.Equal(described.Order(StringComparer.Ordinal),
                listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        }
    }

    [LabFact]
    public async Task A_site_keeps_paris_time_and_homes_of_its_own()
    {
        Assert.Equal("farles CET", (await lab.AsAsync(OarLab.Arles, OarLab.Alice, "bash", "-c", "echo $(hostname) $(date -d 2026-01-01 +%Z)"))
            .Trim());
        await lab.AsAsync(OarLab.Arles, OarLab.Alice, "touch", "here");
        Assert.DoesNotContain("here", await lab.AsAsync(OarLab.Brest, OarLab.Alice, "ls"), StringComparison.Ordinal);
    }
}
