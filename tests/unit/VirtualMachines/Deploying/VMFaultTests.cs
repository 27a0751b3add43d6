using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Deploying;

namespace WaltG5k.Tests.VirtualMachines.Deploying;

/// <summary>Every injected fault: the finding, what goes on all the same, and that nothing is orphaned.</summary>
public class VMFaultTests
{
    /// <summary>Five hosts: three of them get the image from others.</summary>
    const int Hosts = 5, Machines = 10;

    [Theory]
    [InlineData("node-dies:gros*1=curl", "HostUnreachable")]
    [InlineData("node-dies:gros*1=scp", "HostUnreachable")]
    [InlineData("node-dies:gros*1=systemd-run", "HostUnreachable")]
    [InlineData("node-dies:gros-10=apt-get", "HostUnreachable")]
    [InlineData("node-dies:gros-10=virt-install", "HostUnreachable")]
    [InlineData("node-disk-full:gros-10", "HostDiskFull")]
    [InlineData("node-command-fails:gros-10*1=apt-get", "PackagesNotInstalled")]
    [InlineData("kadeploy-fails:gros-10", "KadeployFailed")]
    public async Task A_host_that_fails_gives_its_machines_to_others(string fault, string code)
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync(fault);
        VMDeploymentInfo info = await platform.DeployAsync(VMPlatform.Count(Machines, Hosts));

        VMPlatform.AssertReady(info, Machines);
        DeployedHost lost = Assert.Single(info.Hosts, h => h.LostBy is not null);
        Assert.Equal(code, lost.LostBy);
        Finding finding = Assert.Single(info.Findings, f => f.Target == lost.Name && f.Code == code);
        Assert.NotEmpty(finding.Recommendation);
        Assert.DoesNotContain(info.Machines, m => m.Host == lost.Name);
        Assert.Equal(Machines, platform.Guests.Count(g => g.Answers));
    }

    [Theory]
    [InlineData("node-dies:gros-10=ssh-keyscan")]
    [InlineData("node-command-fails:gros-10*1=virt-install")]
    [InlineData("node-command-fails:gros-10*1=qemu-img")]
    [InlineData("node-command-fails:gros-10*1=curl")]
    [InlineData("guest-silent:vm-2*1")]
    [InlineData("frontend-slow=2")]
    [InlineData("command-fails:g5k-subnets*1")]
    public async Task A_passing_trouble_is_overcome(string fault)
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync(fault);
        VMPlatform.AssertReady(await platform.DeployAsync(VMPlatform.Count(Machines, Hosts)), Machines);
    }

    [Fact]
    public async Task A_machine_that_never_answers_is_told_and_the_others_are_there()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync("guest-silent:vm-2");
        VMDeploymentInfo info = await platform.DeployAsync(VMPlatform.Count(4));
        VMPlatform.AssertReady(info, 3);
        DeployedMachine silent = Assert.Single(info.Machines, m => m.Stage == VMStage.Failed);
        Assert.Equal(("vm-2", 2), (silent.Name, silent.Attempts));
        Assert.Single(info.Findings, f => f.Code == "MachineSilent" && f.Severity == FindingSeverity.Error);
    }

    [Fact]
    public async Task Too_few_machines_are_a_failure_that_leaves_nothing()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync("guest-silent:vm-2");
        VMDeploymentInfo info = await platform.DeployAsync(VMPlatform.Count(4) with { MinMachines = 4 });
        Assert.True(info.State == DeploymentState.Failed && info.Findings.Any(f => f.Code == "NotEnoughMachines"), VMPlatform.Story(info));
        Assert.Empty(platform.LiveJobs);
    }

    [Theory]
    [InlineData("oar-kills-running:nancy=200", "JobEnded")]
    [InlineData("oar-kills-running:nancy=345", "JobEnded")]
    [InlineData("oar-refuses:nancy", "NoFreeResource")]
    [InlineData("command-fails:sha256sum", "ImageNotFound")]
    [InlineData("kadeploy-fails", "NotEnoughHosts")]
    public async Task What_cannot_go_on_ends_and_leaves_nothing(string fault, string code)
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync(fault);
        VMDeploymentInfo info = await platform.DeployAsync(VMPlatform.Count(4));
        Assert.True(info.State == DeploymentState.Failed, VMPlatform.Story(info));
        Assert.True(info.Findings.Any(f => f.Code == code && f.Severity == FindingSeverity.Error), VMPlatform.Story(info));
        Assert.Empty(platform.LiveJobs);
        Assert.Empty(platform.Guests);
    }

    [Fact]
    public async Task A_machine_of_another_deployment_with_the_same_name_is_left_alone_unless_hosts_are_to_be_cleaned()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        ReservationRequest request = VMPlatform.Reserve with { NodeCounts = new Dictionary<string, int> { ["nancy"] = 2 }, Clusters = ["gros"],
            Subnets = new Dictionary<string, string> { ["nancy"] = "slash_22=1" } };
        Reservation made = await platform.Reservations.SubmitAsync(await platform.Reservations.PlanAsync(request, platform.Limit), platform.Limit);
        await platform.Reservations.WaitAsync(made, TimeSpan.FromMinutes(10), cancellationToken: platform.Limit);
        Reservation adopted = await platform.Reservations.AdoptAsync([.. made.Jobs.Select(j => (j.Site, j.JobId))],
            cancellationToken: platform.Limit);
        VMDeploymentRequest mine = VMPlatform.Count(2) with { Reserve = null, Reservation = adopted };
        VMPlatform.AssertReady(await platform.DeployAsync(mine), 2);

        VMDeploymentInfo clash = await platform.DeployAsync(mine with { Environment = null });
        Assert.True(clash.State == DeploymentState.Failed, VMPlatform.Story(clash));
        Assert.Equal(2, clash.Findings.Count(f => f.Code == "MachineNameTaken"));
        Assert.Equal(2, platform.Guests.Count(g => g.Answers));

        VMPlatform.AssertReady(await platform.DeployAsync(mine with { Environment = null, Clean = true }), 2);
        Assert.Single(platform.LiveJobs);
    }
}
