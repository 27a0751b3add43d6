using System.Globalization;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>One job that runs a virtual machine: what its script does, from the checks to the last state that it writes.</summary>
internal sealed class MachineJob
{
    const int RestartSignal = 10, FirstPort = 20_000, PortRange = 30_000, PortStep = 101, PortTries = 5;
    static readonly TimeSpan s_start = TimeSpan.FromSeconds(0.8), s_press = TimeSpan.FromSeconds(5);

    readonly TestbedWorld _world;
    readonly OarJob _job;
    readonly MachineScript _script;
    readonly SiteFiles _files;
    readonly CommandContext _context;
    readonly CancellationTokenSource _killed;
    readonly Lock _sync = new();
    readonly NodeModel? _host;
    Guest? _guest;
    bool _isStopping, _startsAgain, _isForced;
    int _boots;
    string _ports = "";

    public MachineJob(TestbedWorld world, OarJob job, MachineScript script, CommandContext context)
    {
        (_world, _job, _script, _context, _files) = (world, job, script, context, new SiteFiles(context));
        _killed = CancellationTokenSource.CreateLinkedTokenSource(world.NodeLife.Closed);
        lock (world.Sync) _host = job.Nodes.FirstOrDefault();
    }

    /// <returns>The status of the script; null: it was killed.</returns>
    public async Task<int?> RunAsync(bool resumes)
    {
        try
        {
            return await (resumes ? GoOnAsync() : BeginAsync()).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_killed.IsCancellationRequested) { return null; }
        finally { _killed.Dispose(); }
    }

    /// <summary>SIGUSR1 lets the guest start again, any other ends it; the first one counts, but that an end outlives a new start.</summary>
    public void Signal(int number)
    {
        lock (_sync)
        {
            _startsAgain = number == RestartSignal && (!_isStopping || _startsAgain);
            if (_isStopping) return;
            _isStopping = true;
        }
        Tell("stopping");
        if (_guest is { } guest) _ = PressAsync(guest);
    }

    public void Kill()
    {
        _killed.Cancel();
        if (_guest is not { } guest) return;
        _guest = null;
        _world.Guests.Kill(guest);
    }

    async Task<int> BeginAsync()
    {
        if (_host is null || Check(_host) is { } problem && Fail(problem)) return 1;
        Tell("starting");
        if (_script.Prepare.Length > 0 && await new FrontendShell(_context).RunAsync(_script.Prepare).ConfigureAwait(false) != 0 && Fail("no-disk"))
            return 1;
        return await LoopAsync(null).ConfigureAwait(false);
    }

    async Task<int> GoOnAsync()
    {
        Guest guest = _world.Guests.Find(_host!, _script.Name)!;
        _ports = string.Join(' ', guest.Specification.Ports.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Value}:{p.Key}")));
        return await LoopAsync(guest).ConfigureAwait(false);
    }

    string? Check(NodeModel host)
    {
        bool allowed = host.Cluster.Architecture == "x86_64" && !_world.Faults.Strikes(FaultNames.NodeNoKvm, NodeLife.NamesOf(host));
        return _script.UsesKvm && !allowed ? "no-kvm" : null;
    }

    async Task<int> LoopAsync(Guest? running)
    {
        int first = FirstPort + (int)(_job.Id * 37 % PortRange);
        for (int tries = 0; ;)
        {
            string? complaint = null;
            if (running is null && !_isStopping) complaint = Launch(first, out running);
            if (running is not null)
            {
                using var services = new GuestServices(_world, running, _script.Ports);
                await Task.Delay(s_start, _world.Time, _killed.Token).ConfigureAwait(false);
                if (!_isStopping) Tell("running", boots: true);
                await running.Ended.Task.WaitAsync(_killed.Token).ConfigureAwait(false);
                Keep(running);
                running = _guest = null;
            }
            lock (_sync)
            {
                if (_startsAgain)
                {
                    _startsAgain = _isStopping = false;
                    continue;
                }
            }
            if (complaint?.Contains("host forwarding rule", StringComparison.Ordinal) == true && tries++ < PortTries)
            {
                first += PortStep;
                continue;
            }
            return End(complaint);
        }
    }

    int End(string? complaint)
    {
        if (_script.Scratch.Length > 0) _files.Remove(_script.Scratch, recursively: false);
        if (complaint is not null && Fail(complaint.Contains("memory", StringComparison.Ordinal) ? "no-memory" : $"qemu: {complaint}")) return 1;
        _ports = "";
        Tell("off", _isForced ? "forced" : _isStopping ? "" : "guest");
        return 0;
    }

    /// <summary>Starts QEMU; null: it runs, else its complaint.</summary>
    string? Launch(int first, out Guest? guest)
    {
        guest = null;
        if (!TryReadDisk(out QemuImage? image, out string complaint)) return Log(complaint);
        Dictionary<int, int> ports = [];
        int next = first;
        foreach (int port in _script.Mac.Length > 0 ? [] : _script.Ports)
        {
            while (_world.Guests.FindByPort(_host!, next) is not null) next++;
            ports[next++] = port;
        }
        if (ports.Count > 0 && _world.Faults.Strikes(FaultNames.PortTaken, NodeLife.NamesOf(_host!)))
            return Log(string.Create(CultureInfo.InvariantCulture,
                $"-netdev user,id=net0: Could not set up host forwarding rule 'tcp::{ports.First().Key}-:{ports.First().Value}'"));
        var disk = new NodeDisk { Environment = image?.System };
        foreach ((string path, string text) in image?.Files ?? new Dictionary<string, string>()) disk.Files[path] = text;
        var wanted = new GuestSpecification(_script.Name) { Cpu = _script.Cpu, Memory = _script.Memory, Mac = _script.Mac.ToUpperInvariant(),
            Bridge = _script.Mac.Length > 0 ? _host!.MainNic?.Device : null, Ports = ports, Disk = disk };
        if (_world.Guests.TryStart(_host!, wanted, out guest) is { } refusal) return Log(refusal);
        _guest = guest;
        _ports = string.Join(' ', ports.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Value}:{p.Key}")));
        _files.TryWrite($"{_script.Folder}/qemu.log", "");
        return null;
    }

    string Log(string complaint)
    {
        _files.TryWrite($"{_script.Folder}/qemu.log", $"qemu-system-x86_64: {complaint}\n");
        return complaint;
    }

    bool TryReadDisk(out QemuImage? image, out string complaint)
    {
        (image, complaint) = (null, "");
        if (_script.DiskPath is not { } path) return true; // in Ceph, which nobody looks into
        bool isLocked = StandardImages.Find(path) is not null && !_script.LosesWrites;
        if (!isLocked && QemuImages.Flatten(new SiteDiskFiles(_context), path) is { } found)
        {
            image = found;
            return true;
        }
        complaint = $"-drive {_script.Drive}: Could not open '{path}': {(isLocked ? "Permission denied" : "No such file or directory")}";
        return false;
    }

    /// <summary>What the guest has written stays on its disk.</summary>
    void Keep(Guest guest)
    {
        if (_script.LosesWrites || _script.DiskPath is not { } path || _files.Read(path) is not { } text || !QemuImage.Is(text)) return;
        Dictionary<string, string> written;
        lock (_world.Sync) written = new(guest.Disk.Files, StringComparer.Ordinal);
        _files.TryWrite(path, (QemuImage.Read(text) with { Files = written }).Write());
    }

    async Task PressAsync(Guest guest)
    {
        try
        {
            for (TimeSpan left = TimeSpan.FromSeconds(_script.Grace); left > TimeSpan.Zero && !guest.Ended.Task.IsCompleted; left -= s_press)
            {
                await _world.Guests.ShutDownAsync(guest, _killed.Token).ConfigureAwait(false);
                if (!guest.Ended.Task.IsCompleted) await Task.Delay(s_press, _world.Time, _killed.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException) { return; }
        if (guest.Ended.Task.IsCompleted) return;
        _isForced = true;
        _world.Guests.Kill(guest);
    }

    bool Fail(string reason)
    {
        _ports = "";
        Tell("failed", reason);
        return true;
    }

    void Tell(string phase, string reason = "", bool boots = false)
    {
        if (boots) _boots++;
        string text = string.Create(CultureInfo.InvariantCulture,
            $"vm={_script.Name}\nphase={phase}\njob={_job.Id}\nboots={_boots}\nports={_ports}\nreason={reason}\n");
        _files.TryWrite($"{_script.Folder}/state", text);
    }
}
