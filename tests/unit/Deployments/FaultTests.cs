using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Tests.Deployments;

/// <summary>Every injected fault: the finding, the clean-up, and what goes on all the same.</summary>
public class FaultTests
{
    static async Task<(DeploymentInfo Info, Platform Platform)> DeployAsync(DeploymentRequest request, params string[] faults)
    {
        Platform platform = await Platform.OpenAsync(faults);
        return (await platform.DeployAsync(request), platform);
    }

    /// <summary>Deploys under a fault that must end it: the finding says why, and no job is left.</summary>
    static async Task<DeploymentInfo> FailsAsync(string code, DeploymentRequest request, params string[] faults)
    {
        (DeploymentInfo info, Platform platform) = await DeployAsync(request, faults);
        await using (platform)
        {
            Platform.AssertState(DeploymentState.Failed, info);
            Finding finding = Assert.Single(info.Findings, f => f.Code == code && f.Severity == FindingSeverity.Error);
            Assert.NotEmpty(finding.Title);
            Assert.NotEmpty(finding.Recommendation);
            Assert.Empty(platform.LiveJobs);
            Assert.False(info.IsAlive);
        }
        return info;
    }

    [Fact]
    public async Task A_second_site_that_refuses_takes_the_first_with_it_and_names_a_date()
    {
        DeploymentInfo info = await FailsAsync("NoFreeResource", Platform.TwoSites(), "oar-refuses:rennes");
        Assert.Contains("-Start", info.Findings[^1].Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_reservation_has_its_walltime_cut_and_says_so()
    {
        (DeploymentInfo info, Platform platform) = await DeployAsync(Platform.OneSite(1), "oar-starts-late:nancy=120");
        await using (platform)
        {
            Platform.AssertState(DeploymentState.Ready, info);
            Assert.Contains(info.Findings, f => f.Code == "WalltimeCut");
            Assert.True(info.Jobs[0].Walltime < TimeSpan.FromHours(2) - TimeSpan.FromSeconds(100));
            Assert.Equal(info.Jobs[0].StartedAt + info.Jobs[0].Walltime, info.EndsAt);
        }
    }

    [Fact]
    public Task A_job_killed_while_waiting_ends_the_deployment() => FailsAsync("JobEnded", Platform.TwoSites(), "oar-kills-waiting:rennes");

    [Fact]
    public Task A_job_killed_while_deploying_ends_the_deployment() => FailsAsync("JobEnded", Platform.TwoSites(), "oar-kills-running:rennes=120");

    [Fact]
    public async Task A_server_that_Kadeploy_fails_twice_ends_the_deployment_although_kadeploy3_exits_0()
    {
        DeploymentInfo info = await FailsAsync("KadeployServerFailed", Platform.OneSite(1), "kadeploy-fails");
        Assert.Equal(2, info.Steps.First(s => s.Name == "server.deploy").Attempts);
    }

    [Fact]
    public async Task A_server_that_Kadeploy_fails_once_is_deployed_again()
    {
        (DeploymentInfo info, Platform platform) = await DeployAsync(Platform.OneSite(2), "kadeploy-fails*1");
        await using (platform)
        {
            Platform.AssertState(DeploymentState.Ready, info);
            Assert.Contains(info.Findings, f => f.Code == "StepRetried" && f.Title.Contains("server.deploy", StringComparison.Ordinal));
        }
    }

    [Fact]
    public Task A_right_that_never_reaches_the_site_ends_the_deployment() =>
        FailsAsync("VlanRightsMissing", Platform.TwoSites(), "kavlan-no-rights:rennes");

    [Fact]
    public async Task A_right_that_comes_late_is_waited_for()
    {
        (DeploymentInfo info, Platform platform) = await DeployAsync(Platform.TwoSites(), "kavlan-no-rights:rennes=45");
        await using (platform) Platform.AssertState(DeploymentState.Ready, info);
    }

    [Fact]
    public async Task A_VLAN_that_does_not_take_is_verified_and_set_again()
    {
        (DeploymentInfo info, Platform platform) = await DeployAsync(Platform.OneSite(2), "kavlan-not-set*2");
        await using (platform)
        {
            Platform.AssertState(DeploymentState.Ready, info);
            Assert.Equal(2, info.NodesReady);
        }
    }

    [Fact]
    public async Task A_node_whose_VLAN_never_takes_is_left_out_where_that_is_allowed()
    {
        DeploymentRequest request = Platform.TwoSites() with { MinNodes = 2 };
        (DeploymentInfo info, Platform platform) = await DeployAsync(request, "kavlan-not-set:rennes");
        await using (platform)
        {
            Assert.Equal((DeploymentState.Ready, 2), (info.State, info.NodesReady));
            Assert.Equal(2, info.Findings.Count(f => f.Code == "VlanNotSet"));
        }
        await FailsAsync("NotEnoughNodes", Platform.TwoSites(), "kavlan-not-set:rennes");
    }

    [Fact]
    public Task A_server_whose_setup_fails_ends_the_deployment() => FailsAsync("ServerNotConfigured", Platform.OneSite(1), "walt-setup-fails");

    [Fact]
    public async Task A_setup_that_fails_once_is_repeated()
    {
        (DeploymentInfo info, Platform platform) = await DeployAsync(Platform.OneSite(1), "walt-setup-fails*1");
        await using (platform) Platform.AssertState(DeploymentState.Ready, info);
    }

    [Fact]
    public Task A_silent_server_ends_the_deployment() => FailsAsync("RpcTimeout", Platform.OneSite(1), "walt-silent:set_image");

    [Theory]
    [InlineData("walt-silent:set_image*1")]
    [InlineData("walt-drops:set_image*1")]
    [InlineData("walt-drops:register_device*1")]
    [InlineData("walt-slow-mount=40")]
    [InlineData("command-fails:kavlan*1")]
    [InlineData("command-fails:kareboot3*1")]
    [InlineData("frontend-slow=5")]
    [InlineData("node-kexec-fails")]
    [InlineData("clock-jumps=3600*1")]
    [InlineData("clock-jumps=-600*1")]
    public async Task A_passing_trouble_is_overcome(string fault)
    {
        (DeploymentInfo info, Platform platform) = await DeployAsync(Platform.OneSite(2), fault);
        await using (platform)
        {
            Assert.True(info.State == DeploymentState.Ready, string.Join("\n", info.Findings));
            Assert.Equal(2, info.NodesReady);
        }
    }

    [Fact]
    public async Task A_node_that_boots_on_the_second_hard_reboot_is_rebooted_again()
    {
        (DeploymentInfo info, Platform platform) =
            await DeployAsync(Platform.OneSite(3), "node-needs-hard-reboots:gros-10=2", "node-needs-hard-reboots:gros-100=2");
        await using (platform)
        {
            Assert.Equal((DeploymentState.Ready, 3), (info.State, info.NodesReady));
            Assert.Contains(info.Findings, f => f.Code == "NodeRebootedAgain");
        }
    }

    [Fact]
    public async Task A_node_that_never_boots_is_left_out_where_that_is_allowed()
    {
        (DeploymentInfo info, Platform platform) = await DeployAsync(Platform.OneSite(3) with { MinNodes = 2 }, "node-never-boots:gros-10");
        await using (platform)
        {
            Assert.Equal((DeploymentState.Ready, 2), (info.State, info.NodesReady));
            Assert.Equal("gros-10.nancy.grid5000.fr", Assert.Single(info.Findings, f => f.Code == "NodeNotBooted").Target);
        }
        await FailsAsync("NotEnoughNodes", Platform.OneSite(3), "node-never-boots:gros-10");
    }

    [Fact]
    public async Task A_dead_site_is_told_as_such()
    {
        DeploymentInfo info = await FailsAsync("SiteDidNotBoot", Platform.TwoSites(), "site-dead:rennes");
        Assert.Contains(info.Findings, f => f.Code == "NotEnoughNodes");
    }

    [Fact]
    public async Task A_command_that_always_fails_ends_the_deployment_with_its_status_and_text()
    {
        DeploymentInfo info = await FailsAsync("KavlanFailed", Platform.OneSite(1), "command-fails:kavlan");
        Finding finding = info.Findings.First(f => f.Code == "KavlanFailed" && f.Severity == FindingSeverity.Error);
        Assert.Contains("-> 1", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_are_kept_after_a_failure_where_the_user_asked_and_the_deployment_can_be_resumed()
    {
        (DeploymentInfo info, Platform platform) = await DeployAsync(Platform.OneSite(1) with { KeepOnFailure = true }, "walt-setup-fails*2");
        await using (platform)
        {
            Platform.AssertState(DeploymentState.Failed, info);
            Assert.Single(platform.LiveJobs);

            DeploymentRun run = await platform.Service.ResumeAsync(info.Id, cancellationToken: platform.Limit);
            DeploymentInfo resumed = await run.Completion.WaitAsync(platform.Limit);
            Platform.AssertState(DeploymentState.Ready, resumed);
            Assert.Equal(1, resumed.Steps.First(s => s.Name == "server.deploy").Attempts);   // not done again
            await platform.Service.ReleaseAsync(info.Id, platform.Limit);
            Assert.Empty(platform.LiveJobs);
        }
    }

    [Fact]
    public async Task Jobs_that_the_user_brought_survive_a_failure()
    {
        await using Platform platform = await Platform.OpenAsync("walt-setup-fails");
        ReservationPlan plan = await platform.Reservations.PlanAsync(Platform.OneSite(1).Reserve! with { Vlan = VlanKind.Local, Name = "brought" },
            platform.Limit);
        Reservation made = await platform.Reservations.SubmitAsync(plan, platform.Limit);
        Reservation adopted = await platform.Reservations.AdoptAsync([.. made.Jobs.Select(j => (j.Site, j.JobId))],
            cancellationToken: platform.Limit);
        DeploymentInfo info = await platform.DeployAsync(new DeploymentRequest { Reservation = adopted });
        Platform.AssertState(DeploymentState.Failed, info);
        Assert.Single(platform.LiveJobs);
    }
}
