using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Seeds;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.IntegrationTests.VirtualMachines;

/// <summary>The kernel and the root file system of the tests' guest, made once.</summary>
public sealed class GuestSystem : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("waltg5k-guest-").FullName;

    public string Kernel => Path.Combine(_folder, "vmlinuz");
    public string Initrd => Path.Combine(_folder, "initrd.img");

    public async Task InitializeAsync()
    {
        if (MachinesScript.WhyNot is not null) return;
        (int status, string output) = await MachinesScript.RunAsync("guest", _folder);
        Assert.True(status == 0, output);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>A machine whose script runs here, as OAR would run it on a node, with a processor that is emulated.</summary>
sealed class RealMachine(GuestSystem system) : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("waltg5k-machine-").FullName;
    readonly LocalFrontend _frontend = new("here");
    Process? _script;

    public string Folder => Path.Combine(_root, "vm");
    public long JobId { get; } = Environment.ProcessId * 10L + Random.Shared.Next(10);
    public int FirstPort => 20_000 + (int)(JobId * 37 % 30_000);

    /// <summary>Makes disk and seed; the machine does not run yet.</summary>
    public async Task<VMScriptSettings> PrepareAsync(string kernelArguments = "")
    {
        Directory.CreateDirectory(Folder);
        var image = new FileLocation(Path.Combine(_root, "base.img"));
        await _frontend.RunAsync(new CommandRequest("qemu-img", "create", "-q", "-f", "raw", image.Path, "64M"));
        (_, DiskImageInfo info) = await new DiskImages(_frontend).FindAsync(image);
        DiskPlan disk = DiskPlan.Create(DiskStrategy.Cow, image, info, new FileLocation(Path.Combine(Folder, "disk.qcow2")));
        foreach (IReadOnlyList<string> command in disk.Commands) (await _frontend.RunAsync(new CommandRequest(command))).EnsureSuccess("x", "y");
        await _frontend.WriteSeedAsync(Path.Combine(Folder, "seed.iso"), new CloudInitSeed("tiny-1") { AuthorizedKeys = ["ssh-ed25519 AAAA me"] });
        return new VMScriptSettings
        {
            Name = "tiny-1", Folder = Folder, Memory = 160, Accelerator = "tcg", Drive = disk.Drive, Seed = Path.Combine(Folder, "seed.iso"),
                Ports = [80], Grace = 20,
            Extra = PosixShell.Join(["-kernel", system.Kernel, "-initrd", system.Initrd, "-append",
            $"console=ttyS0 quiet {kernelArguments}".TrimEnd()]),
        };
    }

    public void Start(VMScriptSettings settings)
    {
        File.WriteAllText(Path.Combine(Folder, "run.sh"), VMScript.Render(settings));
        var start = new ProcessStartInfo("/bin/sh", [Path.Combine(Folder, "run.sh")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OAR_JOB_ID"] = JobId.ToString(CultureInfo.InvariantCulture);
        _script = Process.Start(start)!;
        _script.BeginErrorReadLine();
        _script.BeginOutputReadLine();
    }

    public VMScriptState? State => File.Exists(Path.Combine(Folder, "state"))
        ? VMScriptState.ReadAll(File.ReadAllText(Path.Combine(Folder, "state"))).FirstOrDefault()
        : null;

    public Task UntilAsync(Func<VMScriptState, bool> holds, int seconds = 40) =>
        Eventually.HoldsAsync(() => State is { } state && holds(state), $"The state is {State}; QEMU says: {Log}", TimeSpan.FromSeconds(seconds));

    public string Console => File.Exists(Path.Combine(Folder, "console.log")) ? File.ReadAllText(Path.Combine(Folder, "console.log")) : "";

    public string Log => File.Exists(Path.Combine(Folder, "qemu.log")) ? File.ReadAllText(Path.Combine(Folder, "qemu.log")) : "";

    public Task SignalAsync(string name) => Processes.RunAsync("kill", "-s", name, _script!.Id.ToString(CultureInfo.InvariantCulture));

    public async Task<int> EndAsync(int seconds = 40)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await _script!.WaitForExitAsync(limit.Token);
        return _script.ExitCode;
    }

    /// <summary>As Get-G5kVM would show it.</summary>
    public G5kVM ToVM() => new("tiny-1", "here") { State = VMState.Running, Host = "127.0.0.1",
        Ports = State!.Ports.Append(new(22, 1)).ToDictionary(p => p.Key, p => p.Value) };

    public void Dispose()
    {
        if (_script is { HasExited: false }) _script.Kill(entireProcessTree: true);
        _script?.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
