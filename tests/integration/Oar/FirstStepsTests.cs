using WaltG5k.Core.Oar;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Oar;

[Collection(LabCollection.Name)]
public class FirstStepsTests(OarLab lab)
{
    static Walltime TenMinutes => new(TimeSpan.FromMinutes(10));

    [LabFact]
    public async Task A_deploy_job_gets_its_nodes_and_the_number_of_its_vlan()
    {
        await using LabGrid grid = lab.Open();
        await using SchedulerTicker _ = lab.Tick();
        OarClient oar = grid.Oar(OarLab.Arles);
        OarSubmission made = await oar.SubmitAsync(new OarJobRequest
        {
            Resources = OarResources.Join(OarResources.Vlan("kavlan"), OarResources.Nodes(2, "cluster='argon' and eth_count>=2")),
            Walltime = TenMinutes,
            Types = ["deploy"],
            Name = "with-vlan",
            Command = "sleep 600",
        });
        OarJob running = await oar.WaitRunningAsync(made.JobId, TimeSpan.FromSeconds(30));
        Assert.Equal(2, running.Nodes.Count);
        Assert.All(running.Nodes, n => Assert.StartsWith("argon-", n, StringComparison.Ordinal));
        OarJobResource vlan = Assert.Single(await oar.GetResourcesAsync(made.JobId), r => r.Vlan is not null);
        Assert.Equal("kavlan", vlan.VlanType);
        Assert.InRange(int.Parse(vlan.Vlan!, System.Globalization.CultureInfo.InvariantCulture), 4, 9);
        Assert.True(await oar.DeleteAsync(made.JobId));
    }
}
