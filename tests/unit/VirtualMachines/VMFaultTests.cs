using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Jobs;

namespace WaltG5k.Tests.VirtualMachines;

public class VMFaultTests
{
    [Fact]
    public async Task A_node_without_virtualisation_is_named_as_the_reason()
    {
        await using VMLab lab = await VMLab.OpenAsync("node-no-kvm*1");
        await lab.MakeAsync(VMLab.Request("web:1cpu"));
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => lab.ReadyAsync("web-1"));
        Assert.Equal("VMFailed", e.Code);
        Assert.Contains("/dev/kvm", e.Message, StringComparison.Ordinal);
        await lab.Service.StartAsync("web-1");
        Assert.Equal(VMState.Running, (await lab.ReadyAsync("web-1")).State);
        await lab.Service.RemoveAsync("web-1");
        await lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_port_that_is_taken_after_all_is_left_for_another()
    {
        await using VMLab calm = await VMLab.OpenAsync();
        await using VMLab lab = await VMLab.OpenAsync("port-taken*2");
        int usual = (await calm.MakeReadyAsync(VMLab.Request("web:1cpu"))).Ports[22];
        Assert.Equal(usual + 202, (await lab.MakeReadyAsync(VMLab.Request("web:1cpu"))).Ports[22]);
    }

    [Fact]
    public async Task Ports_that_are_always_taken_are_given_up()
    {
        await using VMLab lab = await VMLab.OpenAsync("port-taken");
        await lab.MakeAsync(VMLab.Request("web:1cpu"));
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => lab.ReadyAsync("web-1"));
        Assert.Contains("host forwarding rule", e.Message, StringComparison.Ordinal);
        await lab.Service.RemoveAsync("web-1");
        await lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_guest_that_ignores_its_power_button_loses_its_power()
    {
        await using VMLab lab = await VMLab.OpenAsync("guest-deaf:web-1");
        await lab.MakeReadyAsync(VMLab.Request("web:1cpu"));
        DateTimeOffset begin = lab.Grid.Time.GetUtcNow();
        G5kVM vm = await lab.Service.StopAsync("web-1");
        Assert.Equal((VMState.Stopped, "the guest did not switch itself off in time and lost its power"), (vm.State, vm.Reason));
        Assert.InRange(lab.Grid.Time.GetUtcNow() - begin, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task A_guest_that_never_answers_is_told_from_one_that_does_not_run()
    {
        await using VMLab lab = await VMLab.OpenAsync("guest-silent:web-1");
        await lab.MakeAsync(VMLab.Request("web:1cpu"));
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => lab.Service.WaitReadyAsync("web-1", lab.Nodes, TimeSpan.FromMinutes(1)));
        Assert.Equal("VMWaitTimeout", e.Code);
        Assert.Contains("it is Running", e.Message, StringComparison.Ordinal);
        Assert.Contains("console.log", e.Recommendation, StringComparison.Ordinal);
        await lab.Service.StopAsync("web-1", force: true);
        await lab.Service.RemoveAsync("web-1");
        await lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_job_that_is_killed_is_told_with_its_reason_and_its_disk_is_kept()
    {
        await using VMLab lab = await VMLab.OpenAsync("oar-kills-running:nancy=120*1");
        G5kVM vm = await lab.MakeReadyAsync(VMLab.Request("web:1cpu"));
        await OarClient.For(lab.Grid, VMLab.Site).WaitAsync(vm.JobId!.Value, OarJobGoal.Ended, TimeSpan.FromHours(1));
        G5kVM killed = (await lab.FindAsync("web-1"))!;
        Assert.Equal(VMState.Failed, killed.State);
        Assert.Contains("deleted", killed.Reason, StringComparison.Ordinal);
        Assert.Empty(lab.Grid.World.Guests.All);
        await lab.Service.StartAsync("web-1");
        Assert.Equal(VMState.Running, (await lab.ReadyAsync("web-1")).State);
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        await lab.MakeAsync(VMLab.Request("web:1cpu"));
        Assert.Equal("VMExists", (await Assert.ThrowsAsync<G5kException>(() => lab.Service.PlanAsync(VMLab.Request("web:1cpu")))).Code);
    }

    [Fact]
    public async Task A_folder_of_the_same_name_on_the_front_end_is_left_alone()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        IReadOnlyList<VMPlan> plans = await lab.Service.PlanAsync(VMLab.Request("web:1cpu"));
        Directory.CreateDirectory(Path.Combine(lab.Home, "web-1"));
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => lab.Service.CreateAsync(plans[0]));
        Assert.Equal("VMExists", e.Code);
        Assert.True(Directory.Exists(Path.Combine(lab.Home, "web-1")));
        Assert.Empty(lab.Service.Names);
    }

    [Fact]
    public async Task A_missing_image_is_told_before_anything_is_made()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        var e = await Assert.ThrowsAnyAsync<G5kException>(() =>
            lab.Service.PlanAsync(VMLab.Request("web:1cpu") with { Image = new FileLocation("/home/jdoe/no.qcow2") }));
        Assert.Equal("ImageNotFound", e.Code);
        await lab.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("frontend-disk-full:nancy*1", "DiskNotMade")]
    [InlineData("oar-refuses:nancy", "NoResource")]
    [InlineData("command-fails:tee*1", "FileNotWritten")]
    public async Task What_fails_half_way_leaves_nothing(string fault, string code)
    {
        await using VMLab lab = await VMLab.OpenAsync(fault);
        IReadOnlyList<VMPlan> plans = await lab.Service.PlanAsync(VMLab.Request("web:1cpu,strategy=copy"));
        Assert.Equal(code, (await Assert.ThrowsAnyAsync<G5kException>(() => lab.Service.CreateAsync(plans[0]))).Code);
        await lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task What_another_computer_left_is_found_and_removed()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        await lab.MakeReadyAsync(VMLab.Request("web:1cpu"));
        Assert.Empty(await lab.Service.FindOrphansAsync(VMLab.Site));
        Directory.Delete(Path.Combine(lab.Grid.HomeDirectory, ".walt-g5k", "vms"), recursive: true);
        G5kVM orphan = Assert.Single(await lab.Service.FindOrphansAsync(VMLab.Site));
        Assert.Equal(("web-1", VMState.Orphan), (orphan.Name, orphan.State));
        Assert.Contains("is Running", orphan.Reason, StringComparison.Ordinal);
        await lab.Service.RemoveOrphanAsync("web-1", VMLab.Site);
        await lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_submission_whose_answer_was_lost_is_found_by_its_name()
    {
        await using VMLab lab = await VMLab.OpenAsync();
        G5kVM vm = await lab.MakeAsync(VMLab.Request("web:1cpu"));
        string path = Path.Combine(lab.Grid.HomeDirectory, ".walt-g5k", "vms", "web-1.json");
        string text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace($"\"jobId\": {vm.JobId},", "", StringComparison.Ordinal)
            .Replace("\"submitting\": false", "\"submitting\": true", StringComparison.Ordinal));
        Assert.Equal(vm.JobId, (await lab.FindAsync("web-1"))!.JobId);
        await lab.Service.RemoveAsync("web-1");
        await lab.AssertNothingLeftAsync();
    }
}
