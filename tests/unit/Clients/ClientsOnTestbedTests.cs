using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kavlan;
using WaltG5k.Core.Oar;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.Clients;

/// <summary>The clients and the emulated programs were written by the same reference but apart: here they meet.</summary>
public sealed class ClientsOnTestbedTests
{
    static Task<TestbedGrid> OpenAsync() => TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });

    [Fact]
    public async Task From_a_job_to_a_deployed_server_in_its_VLAN()
    {
        await using TestbedGrid grid = await OpenAsync();
        var oar = new OarClient(grid.GetFrontend("nancy"), grid.Time);
        var ids = new List<long>();
        var request = new OarJobRequest
        {
            Resources = OarResources.Join(OarResources.Vlan("kavlan-local"), OarResources.Nodes(2, "cluster='gros'")),
            Walltime = Walltime.Parse("1"),
            Types = ["deploy"],
            Name = "clients",
            Start = grid.Time.GetUtcNow().AddMinutes(2),
        };
        OarSubmission submission = await oar.SubmitAsync(request, ids.Add);
        Assert.Equal([submission.JobId], ids);
        Assert.Equal(submission.JobId, Assert.Single(await oar.FindJobsAsync(grid.User, "clients")).Id);

        OarJob job = await oar.WaitRunningAsync(submission.JobId, TimeSpan.FromMinutes(10));
        Assert.Equal(2, job.Nodes.Count);
        IReadOnlyList<OarJobResource> resources = await oar.GetResourcesAsync(job.Id);
        string vlan = Assert.Single(resources, r => r.VlanType == "kavlan-local").Vlan!;
        Assert.Equal(job.Nodes.Order(), resources.Select(r => r.Host).OfType<string>().Distinct().Order());

        var kavlan = new KavlanClient(grid.GetFrontend("nancy"), grid.Time);
        Assert.Equal(vlan, $"{await kavlan.GetJobVlanAsync(job.Id)}");
        await kavlan.SetDhcpAsync(job.Id, int.Parse(vlan, System.Globalization.CultureInfo.InvariantCulture), enabled: false);

        var events = new List<KadeployEvent>();
        KadeployRun deployed = await new KadeployClient(grid.GetFrontend("nancy")).DeployAsync(
            new KadeployRequest { Nodes = [job.Nodes[0]], Environment = "debian12-min" }, events.Add);
        Assert.True(Assert.Single(deployed.Results).IsOk);
        Assert.NotNull(deployed.WorkflowId);
        Assert.Contains(events, e => e is MicroStepStarted);

        NodeInfo node = await new Grid5000Client(grid).GetNodeAsync(job.Nodes[0]);
        string second = node.Nics.First(n => n.IsUsableEthernet && n.Kavlan && n != node.MainNic).NetworkAddress;
        Assert.All(await kavlan.AttachAsync(job.Id, vlan, [second, job.Nodes[1]]), r => Assert.True(r.IsAttached));

        Assert.True(await oar.DeleteAsync(job.Id));
        Assert.False(await oar.DeleteAsync(job.Id + 1000));
    }

    [Fact]
    public async Task Refusals_are_told_apart()
    {
        await using TestbedGrid grid = await OpenAsync();
        var oar = new OarClient(grid.GetFrontend("nancy"), grid.Time);
        var request = new OarJobRequest { Resources = "nodes=5000", Walltime = Walltime.Parse("1"), Types = ["deploy"], Command = "sleep 3600" };
        Assert.Equal("NoResource", (await Assert.ThrowsAnyAsync<G5kException>(() => oar.SubmitAsync(request))).Code);
        OarJobRequest all = request with { Resources = "{cluster='gros'}/nodes=124", Start = grid.Time.GetUtcNow().AddHours(1), Command = null };
        await oar.SubmitAsync(all);
        G5kException refused = await Assert.ThrowsAnyAsync<G5kException>(() => oar.SubmitAsync(all));
        Assert.Equal("ReservationRefused", refused.Code);
        Assert.True((DateTimeOffset)refused.Data["NextPossibleStart"]! >= all.Start + TimeSpan.FromHours(1));
        Assert.Single(await oar.FindJobsAsync(grid.User));
    }

    [Fact]
    public async Task The_reference_data_decides_which_clusters_can_be_used()
    {
        await using TestbedGrid grid = await OpenAsync();
        var client = new Grid5000Client(grid);
        Assert.Contains("lille", await client.GetSitesAsync().Select(s => s.Name).ToListAsync());
        Assert.Equal(["chiclet", "chifflot", "chirop", "chuc"], (await client.GetServerClustersAsync("lille")).Select(c => c.Name));
        Assert.Equal(["chiclet", "chifflot"], (await client.GetWaltNodeClustersAsync("lille")).Select(c => c.Name));
        Assert.Empty(await client.GetServerClustersAsync("strasbourg"));
        Assert.Equal("SiteNotFound", (await Assert.ThrowsAsync<G5kException>(() => client.GetServerClustersAsync("paris"))).Code);
    }
}
