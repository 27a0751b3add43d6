using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Tests.VirtualMachines.Deploying;

/// <summary>Whole deployments on the testbed.</summary>
public class VMDeploymentTests
{
    [Fact]
    public async Task A_number_of_machines_on_hosts_that_are_found_answers_ssh_under_unique_addresses()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        VMDeploymentInfo info = await platform.DeployAsync(VMPlatform.Count(12) with { Wish = new VMHostWish { Sites = ["nancy"] } });

        VMPlatform.AssertReady(info, 12);
        Assert.Equal(12, platform.Guests.Count(g => g.Answers));
        Assert.All(info.Machines, m => Assert.Equal(platform.Guests.Single(g => g.Name == m.Name).Host.Name, m.Host));
        Assert.All(info.Machines, m => Assert.Equal(platform.Grid.World.Guests.AddressOf(platform.Guests.Single(g => g.Name == m.Name)), m.Ip));
        // The first machine takes a command, as its list says.
        CommandResult result = await platform.Grid.GetFrontend("nancy")
            .RunAsync(new CommandRequest("ssh", $"root@{info.Machines[0].Ip}", "hostname"), null, platform.Limit);
        Assert.Equal((0, info.Machines[0].Name), (result.ExitStatus, result.Output.Trim()));

        VMDeploymentInfo released = await platform.Service.ReleaseAsync(info.Id, cancellationToken: platform.Limit);
        Assert.Equal(DeploymentState.Released, released.State);
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task A_topology_on_two_sites_keeps_its_placement_and_takes_addresses_of_each_site()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        VirtualMachine[] Machines(string prefix) => [.. Enumerable.Range(1, 3).Select(i => new VirtualMachine($"{prefix}-{i}"))];
        var topology = new VMTopology
        {
            Hosts =
            [
                new VMHost("gros-1") { Site = "nancy", Cluster = "gros", Machines = Machines("a") },
                    new VMHost("gros-2") { Site = "nancy", Cluster = "gros", Machines = Machines("b") },
                new VMHost("parasilo-1") { Site = "rennes", Cluster = "parasilo", Machines = Machines("c") },
            ],
        };
        VMDeploymentInfo info = await platform.DeployAsync(
            new VMDeploymentRequest { Topology = topology, Reserve = VMPlatform.Reserve, AuthorizedKeys = ["ssh-ed25519 AAAA x"] });

        VMPlatform.AssertReady(info, 9);
        Assert.Equal(3, info.Machines.Where(m => m.Name[0] == 'c')
            .Count(m => m.Site == "rennes" && m.Ip!.StartsWith("10.156.", StringComparison.Ordinal)));
        Assert.Single(info.Machines.Where(m => m.Name[0] == 'a').Select(m => m.Host).Distinct());
        Assert.Equal(2, info.Jobs.Count);
    }

    [Theory]
    [InlineData(VlanKind.Routed)]
    [InlineData(VlanKind.Global)]
    [InlineData(VlanKind.Local)]
    public async Task Machines_in_a_VLAN_get_the_addresses_of_its_plan_from_one_of_the_hosts(VlanKind vlan)
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        VMDeploymentInfo info = await platform.DeployAsync(VMPlatform.Count(6) with { Reserve = VMPlatform.Reserve with { Vlan = vlan } });

        VMPlatform.AssertReady(info, 6);
        Assert.NotNull(info.VlanId);
        Assert.All(info.Machines, m => Assert.StartsWith("52:54:00", m.Mac, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nodes_of_the_standard_environment_are_used_with_sudo_and_no_deployment()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        VMDeploymentInfo info = await platform.DeployAsync(VMPlatform.Count(4) with { Environment = null });
        VMPlatform.AssertReady(info, 4);
        Assert.DoesNotContain(info.Steps, s => s.Name.StartsWith("hosts.deploy", StringComparison.Ordinal));
        Assert.DoesNotContain("deploy", platform.LiveJobs[0].Types);
    }

    [Fact]
    public async Task Jobs_that_the_user_has_are_used_and_only_cleaned_when_they_are_to_stay()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        Reservation adopted = await AdoptAsync(platform, "slash_22=1");
        VMDeploymentInfo info = await platform.DeployAsync(VMPlatform.Count(4) with { Reserve = null, Reservation = adopted });
        VMPlatform.AssertReady(info, 4);

        await platform.Service.ReleaseAsync(info.Id, keepsJobs: true, platform.Limit);
        Assert.Empty(platform.Guests);
        Assert.Single(platform.LiveJobs);
        string[] left = [.. platform.Grid.World.NodeLife.DiskOf(platform.LiveJobs[0].Nodes[0]).Files.Keys.Where(f =>
            f.Contains("g5k-", StringComparison.Ordinal) || f.StartsWith("/etc/libvirt/qemu/", StringComparison.Ordinal))];
        Assert.Empty(left);
    }

    [Fact]
    public async Task Cancelling_removes_what_was_put_on_hosts_that_the_user_brought_and_keeps_his_jobs()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        Reservation adopted = await AdoptAsync(platform, "slash_22=1");
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VMDeploymentRun run = await platform.StartAsync(VMPlatform.Count(4) with { Reserve = null, Reservation = adopted }, beforeAppend: entry =>
        {
            if (entry.Machine is { Stage: VMStage.Started }) reached.TrySetResult();
        });
        await reached.Task.WaitAsync(platform.Limit);
        await run.CancelAsync().WaitAsync(platform.Limit);
        Assert.Equal(DeploymentState.Released, platform.Service.Get(run.Id).State);
        Assert.Single(platform.LiveJobs);
        Assert.Empty(platform.Guests);
    }

    static async Task<Reservation> AdoptAsync(VMPlatform platform, string? subnet)
    {
        ReservationRequest request = VMPlatform.Reserve with { NodeCounts = new Dictionary<string, int> { ["nancy"] = 2 }, Clusters = ["gros"],
            Subnets = subnet is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["nancy"] = subnet } };
        Reservation made = await platform.Reservations.SubmitAsync(await platform.Reservations.PlanAsync(request, platform.Limit), platform.Limit);
        await platform.Reservations.WaitAsync(made, TimeSpan.FromMinutes(10), cancellationToken: platform.Limit);
        return await platform.Reservations.AdoptAsync([.. made.Jobs.Select(j => (j.Site, j.JobId))], cancellationToken: platform.Limit);
    }

    [Fact]
    public async Task A_job_without_subnets_or_with_too_few_addresses_is_refused_before_anything_is_done()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        Reservation without = await AdoptAsync(platform, null);
        Assert.Equal("NoSubnet", (await Assert.ThrowsAsync<CommandFailedException>(() =>
            platform.Service.PlanAsync(VMPlatform.Count(4) with { Reserve = null, Reservation = without }, platform.Limit))).Code);
        Reservation small = await AdoptAsync(platform, "slash_22=1");
        VMDeploymentRequest many = VMPlatform.Count(1100, template: "1cpu,16MB") with { Reserve = null, Reservation = small,
            Placement = new() { CpuOvercommit = 100 } };
        Assert.Equal("NotEnoughAddresses", (await Assert.ThrowsAsync<G5kException>(() => platform.Service.PlanAsync(many, platform.Limit))).Code);
    }

    [Fact]
    public async Task What_cannot_work_is_refused_before_anything_is_reserved()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        async Task RefusedAsync(string code, VMDeploymentRequest request)
        {
            G5kException refusal = await Assert.ThrowsAnyAsync<G5kException>(() => platform.Service.PlanAsync(request, platform.Limit));
            Assert.True(code == refusal.Code, $"{refusal.Code}: {refusal.Message}");
            Assert.NotEmpty(refusal.Recommendation!);
        }
        VMDeploymentRequest request = VMPlatform.Count(4);
        await RefusedAsync("ImageNotFound", request with { Image = "/home/nobody/missing.qcow2" });
        await RefusedAsync("DiskTooSmall", request with { Machines = [new VirtualMachine("a") { Disks = [new VMDisk { Size = 1 }] }] });
        await RefusedAsync("DuplicateMachine", request with { Machines = [new VirtualMachine("a"), new VirtualMachine("A")] });
        await RefusedAsync("NoMachines", request with { Machines = [] });
        await RefusedAsync("MachinesDoNotFit", request with { Machines = [new VirtualMachine("a") { Memory = 1 << 24 }] });
        await RefusedAsync("MachinesDoNotFit", request with { Machines = [new VirtualMachine("a") { Memory = 1 << 24 }],
            Wish = new VMHostWish { Sites = ["nancy"] } });
        await RefusedAsync("DiskStrategyUnsuitable",
            request with { Machines = [new VirtualMachine("a") { Disks = [new VMDisk { Strategy = DiskStrategy.Direct }] }] });
        await RefusedAsync("VlanNeedsDeployment", request with { Environment = null, Reserve = VMPlatform.Reserve with { Vlan = VlanKind.Routed } });
        await RefusedAsync("ClusterNotFound", request with { Wish = request.Wish with { Clusters = ["grso"] } });
        Assert.Empty(platform.LiveJobs);
    }

    [Fact]
    public async Task A_blacklist_keeps_sites_clusters_and_nodes_away()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        VMDeploymentRequest request = VMPlatform.Count(4) with
            { Wish = new VMHostWish { Sites = ["nancy", "rennes"], Excluded = ["rennes", "grisou", "gros-10"] } };
        VMDeploymentPlan plan = await platform.Service.PlanAsync(request, platform.Limit);
        string resources = Assert.Single(plan.Reservation!.Sites).Job.Resources;
        Assert.Contains("slash_22=1", resources, StringComparison.Ordinal);
        Assert.Contains("'gros-10", resources, StringComparison.Ordinal);
        Assert.DoesNotContain("rennes", plan.Reservation.Sites[0].Site, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_gets_the_lists_and_its_status_is_that_of_the_deployment()
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        VMDeploymentInfo good = await platform.DeployAsync(VMPlatform.Count(3) with { Program = "cat \"$G5K_VM_FOLDER/vms.list\"; echo" });
        VMPlatform.AssertReady(good, 3);
        Assert.Equal(0, good.ProgramStatus);
        Assert.Contains($"{good.Machines[0].Ip}\t{good.Machines[0].Name}", good.ProgramOutput, StringComparison.Ordinal);
        await platform.Service.ReleaseAsync(good.Id, cancellationToken: platform.Limit);

        VMDeploymentInfo bad = await platform.DeployAsync(VMPlatform.Count(2) with { Program = "false" });
        Assert.Equal((DeploymentState.Ready, 1), (bad.State, bad.ProgramStatus));
        Assert.Single(bad.Findings, f => f.Code == "ProgramFailed" && f.Severity == FindingSeverity.Error);
    }

    [Theory]
    [InlineData(DiskStrategy.Cow, DiskPlace.One)]
    [InlineData(DiskStrategy.Copy, DiskPlace.One)]
    [InlineData(DiskStrategy.Snapshot, DiskPlace.One)]
    [InlineData(DiskStrategy.Cow, DiskPlace.All)]
    public async Task Disks_are_made_by_each_strategy_on_one_or_all_hosts(DiskStrategy strategy, DiskPlace place)
    {
        await using VMPlatform platform = await VMPlatform.OpenAsync();
        VirtualMachine[] machines = [.. Enumerable.Range(1, 4)
            .Select(i => new VirtualMachine($"vm-{i}")
            { Disks = [new VMDisk { Strategy = strategy, Size = strategy == DiskStrategy.Snapshot ? 0 : 20 }, new VMDisk { Size = 5 }] })];
        VMDeploymentInfo info = await platform.DeployAsync(VMPlatform.Count(4) with { Machines = machines, DiskPlace = place });
        VMPlatform.AssertReady(info, 4);
        int disks = info.Hosts.Sum(h => platform.Grid.World.NodeLife.DiskOf(platform.Grid.World.Nodes[h.Name]).Files.Keys.Count(f =>
            f.Contains("/vm-", StringComparison.Ordinal) && f.EndsWith(".qcow2", StringComparison.Ordinal)));
        Assert.Equal((strategy == DiskStrategy.Snapshot ? 4 : 8) * (place == DiskPlace.All ? 2 : 1), disks);
    }
}
