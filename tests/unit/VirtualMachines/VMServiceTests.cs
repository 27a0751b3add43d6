using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Tests.VirtualMachines;

public class VMServiceTests
{
    [Fact]
    public async Task A_machine_runs_in_a_job_of_its_own_and_leaves_nothing()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        G5kVM vm = await lab.MakeReadyAsync(VMLab.Request("web:1x2cpu,2GB"));
        Assert.Equal((VMState.Running, "web-1", 2, 2048, DiskStrategy.Cow), (vm.State, vm.Name, vm.Cpu, vm.Memory, vm.Strategy));
        Assert.Equal($"{vm.Host}:{vm.Ports[22]}", vm.Address);
        Assert.Equal("web-1", await lab.RunAsync(vm, "hostname"));
        Assert.True(vm.EndsAt > lab.Grid.Time.GetUtcNow());
        await lab.Service.RemoveAsync("web-1");
        await lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Several_machines_are_made_at_once_and_told_apart()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        IReadOnlyList<VMPlan> plans = await lab.Service.PlanAsync(VMLab.Request("web:3x1cpu,1GB", "db:1x4cpu,8GB"));
        Assert.Equal(["web-1", "web-2", "web-3", "db-1"], plans.Select(p => p.Name));
        await Task.WhenAll(plans.Select(p => lab.Service.CreateAsync(p)));
        G5kVM[] machines = await Task.WhenAll(plans.Select(p => lab.ReadyAsync(p.Name)));
        Assert.Equal(4, machines.Select(m => m.Address).Distinct().Count());
        foreach (G5kVM machine in machines) Assert.Equal(machine.Name, await lab.RunAsync(machine, "hostname"));
        await Task.WhenAll(machines.Select(m => lab.Service.RemoveAsync(m.Name)));
        await lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Cores_are_asked_for_so_that_the_memory_is_theirs()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        VMPlan small = (await lab.Service.PlanAsync(VMLab.Request("s:1x1cpu,1GB")))[0],
            large = (await lab.Service.PlanAsync(VMLab.Request("l:1x1cpu,40GB")))[0];
        Assert.Contains("/nodes=1/core=1", small.CommandLine, StringComparison.Ordinal);
        Assert.DoesNotContain("core=1,", large.CommandLine, StringComparison.Ordinal);
        Assert.Contains("--checkpoint 60 --signal 12", large.CommandLine, StringComparison.Ordinal);
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => lab.Service.PlanAsync(VMLab.Request("x:1x1cpu,9000GB")));
        Assert.Equal("VMTooLarge", e.Code);
    }

    [Theory]
    [InlineData(DiskStrategy.Cow)]
    [InlineData(DiskStrategy.Copy)]
    public async Task What_is_on_a_disk_outlives_a_stop(DiskStrategy strategy)
    {
        await using VMLab lab = await VMLab.OpenAsync();
        G5kVM vm = await lab.MakeReadyAsync(VMLab.Request($"web:1cpu,strategy={strategy}"));
        await lab.RunAsync(vm, "echo kept > /root/note");
        G5kVM stopped = await lab.Service.StopAsync(vm.Name);
        Assert.Equal((VMState.Stopped, null, null), (stopped.State, stopped.Reason, stopped.Host));
        await lab.Service.StartAsync(vm.Name);
        G5kVM again = await lab.ReadyAsync(vm.Name);
        Assert.NotEqual(vm.JobId, again.JobId);
        Assert.Equal("kept", await lab.RunAsync(again, "cat /root/note"));
    }

    [Fact]
    public async Task A_snapshot_forgets_and_leaves_the_image_alone()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        G5kVM vm = await lab.MakeReadyAsync(VMLab.Request("web:1cpu,strategy=snapshot"));
        Assert.Equal("/grid5000/virt-images/debian12-x64-base.qcow2", vm.Disk);
        await lab.RunAsync(vm, "echo kept > /root/note");
        await lab.Service.StopAsync(vm.Name);
        await lab.Service.StartAsync(vm.Name);
        Assert.Equal("gone", await lab.RunAsync(await lab.ReadyAsync(vm.Name), "test -e /root/note || echo gone"));
    }

    [Fact]
    public async Task Starting_what_runs_makes_no_second_job()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        G5kVM vm = await lab.MakeAsync(VMLab.Request("web:1cpu"));
        Assert.Equal(vm.JobId, (await lab.Service.StartAsync("web-1")).JobId);
        G5kVM ready = await lab.ReadyAsync("web-1");
        Assert.Equal(vm.JobId, (await lab.Service.StartAsync("web-1")).JobId);
        Assert.Single(await OarClient.For(lab.Grid, VMLab.Site).FindJobsAsync(lab.Grid.User));
        Assert.Equal(ready.Address, (await lab.FindAsync("web-1"))!.Address);
    }

    [Fact]
    public async Task A_restart_keeps_job_node_and_ports()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        G5kVM vm = await lab.MakeReadyAsync(VMLab.Request("web:1cpu"));
        await lab.RunAsync(vm, "echo kept > /root/note");
        await lab.Service.RestartAsync("web-1");
        G5kVM again = await lab.ReadyAsync("web-1");
        Assert.Equal((vm.JobId, vm.Address), (again.JobId, again.Address));
        Assert.Equal("kept", await lab.RunAsync(again, "cat /root/note"));
    }

    [Fact]
    public async Task Before_the_walltime_is_over_the_guest_is_switched_off()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        G5kVM vm = await lab.MakeReadyAsync(VMLab.Request("web:1cpu") with { Walltime = Walltime.Parse("0:10:00") });
        await OarClient.For(lab.Grid, VMLab.Site).WaitAsync(vm.JobId!.Value, OarJobGoal.Ended, TimeSpan.FromHours(1));
        G5kVM ended = (await lab.FindAsync("web-1"))!;
        Assert.Equal((VMState.Stopped, "the walltime was over"), (ended.State, ended.Reason));
    }

    [Fact]
    public async Task In_a_subnet_machines_have_addresses_that_they_get_again()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        VMRequest request = VMLab.Request("web:2x1cpu") with { Network = VMNetwork.Bridge };
        foreach (VMPlan plan in await lab.Service.PlanAsync(request)) await lab.Service.CreateAsync(plan);
        G5kVM one = await lab.ReadyAsync("web-1"), two = await lab.ReadyAsync("web-2");
        Assert.NotEqual(one.Ip, two.Ip);
        Assert.Equal((one.Ip, "web-1"), (one.Address, await lab.RunAsync(one, "hostname")));
        await lab.Service.StopAsync("web-1");
        await lab.Service.StartAsync("web-1");
        Assert.Equal(one.Ip, (await lab.ReadyAsync("web-1")).Ip);
        await lab.Service.RemoveAsync("web-1");
        Assert.Equal(2, (await OarClient.For(lab.Grid, VMLab.Site).FindJobsAsync(lab.Grid.User)).Count);
        await lab.Service.RemoveAsync("web-2");
        await lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_disk_on_the_node_goes_with_the_job()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        G5kVM vm = await lab.MakeReadyAsync(VMLab.Request("web:1cpu") with { DiskOnNode = true });
        Assert.StartsWith("/tmp/", vm.Disk, StringComparison.Ordinal);
        Assert.Equal("web-1", await lab.RunAsync(vm, "hostname"));
        await lab.Service.StopAsync("web-1");
        Assert.Equal(1, (await lab.Frontend.RunAsync(new CommandRequest("test", "-e", vm.Disk))).ExitStatus);
    }

    [Fact]
    public async Task An_image_under_a_disk_is_not_written_into_and_not_exchanged()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        string image = $"/home/{lab.Grid.User}/mine.qcow2";
        (await lab.Frontend.RunAsync(new CommandRequest("qemu-img", "create", "-f", "qcow2", image, "4G"))).EnsureSuccess("x", "y");
        VMRequest request = VMLab.Request("a:1cpu,disk=4GB") with { Image = new FileLocation(image) };
        await lab.MakeReadyAsync(request);
        G5kException e = await Assert.ThrowsAsync<G5kException>(() =>
            lab.Service.PlanAsync(VMLab.Request("b:1cpu,strategy=direct") with { Image = new FileLocation(image) }));
        Assert.Equal("ImageInUse", e.Code);
        await lab.Service.StopAsync("a-1");
        await File.AppendAllTextAsync(Path.Combine(lab.Grid.HomeDirectory, "mine.qcow2"), " ");
        Assert.Equal("ImageChanged", (await Assert.ThrowsAsync<G5kException>(() => lab.Service.StartAsync("a-1"))).Code);
        await lab.Service.RemoveAsync("a-1");
        await lab.AssertNothingLeftAsync();
    }
}
