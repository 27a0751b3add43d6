using System.Net;
using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Reach;

namespace WaltG5k.IntegrationTests.VirtualMachines;

/// <summary>The script of a job with a real QEMU, a real kernel, and a guest that tells what it found.</summary>
public class RealBootTests(GuestSystem system) : IClassFixture<GuestSystem>
{
    [MachinesFact]
    public async Task A_machine_boots_is_reached_through_a_forward_restarts_and_switches_itself_off()
    {
        using var machine = new RealMachine(system);
        VMScriptSettings settings = await machine.PrepareAsync();
        using var occupied = new TcpListener(IPAddress.Any, machine.FirstPort);
        occupied.Start();
        machine.Start(settings);
        await machine.UntilAsync(s => s.Phase == "running");
        Assert.NotEqual(machine.FirstPort, machine.State!.Ports[80]);

        await using var grid = new HereGrid(machine.Folder);
        await using G5kPortForward forward = await G5kPortForward.OpenAsync(grid, machine.ToVM(), 80, 0, _ => Task.FromResult(machine.ToVM()));
        Assert.Equal("1", (await AskAsync(machine, forward, "boots")).Trim());
        Assert.Contains("local-hostname: \"tiny-1\"", await AskAsync(machine, forward, "meta-data"), StringComparison.Ordinal);
        Assert.Contains("ssh-ed25519 AAAA me", await AskAsync(machine, forward, "user-data"), StringComparison.Ordinal);

        // SIGUSR1 starts it again in the same job: what it has written is on its disk, and the forward still leads there.
        await machine.SignalAsync("USR1");
        await machine.UntilAsync(s => s is { Phase: "running", Boots: 2 });
        Assert.Equal("2", (await AskAsync(machine, forward, "boots")).Trim());
        Assert.True(forward.ConnectionCount >= 4 && forward.BytesReceived > 0);

        // SIGUSR2 presses the power button: the guest ends by itself, then QEMU, then the job.
        await machine.SignalAsync("USR2");
        Assert.Equal(0, await machine.EndAsync());
        Assert.Equal(("off", ""), (machine.State!.Phase, machine.State.Reason));
        AssertNothingRuns(machine);
    }

    [MachinesFact]
    public async Task A_guest_that_does_not_listen_loses_its_power_and_the_job_ends_in_time()
    {
        using var machine = new RealMachine(system);
        machine.Start(await machine.PrepareAsync("deaf") with { Grace = 3 });
        await machine.UntilAsync(s => s.Phase == "running");
        await machine.SignalAsync("USR2");
        Assert.Equal(0, await machine.EndAsync(20));
        Assert.Equal(("off", "forced"), (machine.State!.Phase, machine.State.Reason));
        AssertNothingRuns(machine);

        // A disk that is not there.
        machine.Start(await machine.PrepareAsync() with { Drive = "file=/nonexistent/disk.qcow2,format=qcow2,if=virtio" });
        Assert.Equal(1, await machine.EndAsync(20));
        Assert.Equal("failed", machine.State!.Phase);
        Assert.Contains("Could not open '/nonexistent/disk.qcow2'", machine.State.Reason, StringComparison.Ordinal);

        // No hardware virtualisation, which a node must have.
        if (!File.Exists("/dev/kvm"))
        {
            machine.Start(await machine.PrepareAsync() with { Accelerator = "kvm" });
            Assert.Equal(1, await machine.EndAsync(20));
            Assert.Equal(("failed", "no-kvm"), (machine.State!.Phase, machine.State.Reason));
        }
        AssertNothingRuns(machine);
    }

    static void AssertNothingRuns(RealMachine machine) => Assert.Empty(Processes.Find(machine.Folder));

    /// <summary>The guest may still boot: QEMU takes connections before it does.</summary>
    static async Task<string> AskAsync(RealMachine machine, G5kPortForward forward, string file)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            try { return await client.GetStringAsync(FormattableString.Invariant($"http://127.0.0.1:{forward.LocalPort}/{file}")); }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60),
                    $"{e.Message} {forward.LastError} {machine.State} QEMU: {machine.Log} Console: {machine.Console}");
                await Task.Delay(200);
            }
        }
    }
}
