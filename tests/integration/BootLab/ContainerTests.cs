using System.Net;
using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Lab;
using WaltG5k.Lab.Network;
using WaltG5k.Lab.Processes;

namespace WaltG5k.IntegrationTests.BootLab;

/// <summary>The lab's namespaces, without any node.</summary>
public sealed class ContainerTests : IDisposable
{
    readonly LabFolder _folder = new(Directory.CreateTempSubdirectory("waltg5k-container-").FullName);

    public void Dispose() => Directory.Delete(_folder.Root, recursive: true);

    [BootLabFact]
    public async Task All_that_runs_in_a_container_ends_with_its_first_process()
    {
        await using LabContainer container = await StartAsync();
        LabProgram program = await LabProgram.StartAsync(container, "sleeper", ["sleep", "600"], Path.Combine(_folder.Root, "log"),
            CancellationToken.None);
        Assert.True(program.Stamp!.IsAlive);
        container.Stamp.Kill();
        await Eventually.HoldsAsync(() => !program.Stamp.IsAlive, "the program ends with the container");
        await program.DisposeAsync();
    }

    [BootLabFact]
    public async Task A_lab_that_was_left_behind_is_cleaned_up_by_what_it_wrote_down()
    {
        Directory.CreateDirectory(_folder.Logs);
        LabState state = LabState.Create(_folder, 1, DateTimeOffset.UtcNow);
        await using LabContainer container = await LabContainer.StartAsync("server", "ip link set lo up", [],
            s => state.Add(new LabPart("namespace", "server", s)), CancellationToken.None);
        LabProgram program = await LabProgram.StartAsync(container, "sleeper", ["sleep", "600"], _folder.GetLog("sleeper"), CancellationToken.None);
        state.Add(new LabPart("program", "sleeper", program.Stamp));

        Assert.True(await WaltLab.StopAsync(_folder));
        Assert.False(program.Stamp!.IsAlive);
        Assert.False(container.IsAlive);
        Assert.False(Directory.Exists(_folder.Run));
        Assert.False(await WaltLab.StopAsync(_folder));
        await program.DisposeAsync();
    }

    [BootLabFact]
    public async Task A_program_that_does_not_start_is_told_with_what_it_said()
    {
        await using LabContainer container = await StartAsync();
        G5kException e = await Assert.ThrowsAsync<G5kException>(() =>
            LabProgram.StartAsync(container, "nfs", ["/no/such/program"], Path.Combine(_folder.Root, "log"), CancellationToken.None));
        Assert.Equal("LabServiceFailed", e.Code);
    }

    [BootLabFact]
    public async Task A_port_of_the_server_can_be_taken_once()
    {
        await using LabContainer container = await StartAsync();
        IPEndPoint endpoint = new(IPAddress.Loopback, 12345);
        using TcpListener listener = container.Network.Listen(endpoint);
        Assert.ThrowsAny<SocketException>(() => container.Network.Listen(endpoint));
        // It is another network than ours.
        using TcpListener ours = new(endpoint);
        ours.Start();
    }

    Task<LabContainer> StartAsync() => LabContainer.StartAsync("server", "ip link set lo up", [], _ => { }, CancellationToken.None);
}
