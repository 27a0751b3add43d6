using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Storage;
using WaltG5k.Core.Walt;
using WaltG5k.Lab.Checks;
using WaltG5k.Lab.Images;
using WaltG5k.Lab.Network;
using WaltG5k.Lab.Processes;
using WaltG5k.Lab.Services;
using WaltG5k.Lab.Walt;

namespace WaltG5k.Lab;

/// <summary>
/// A WalT platform of virtual nodes on this machine that really boot. The WalT server (the testbed's emulated one) and the relay run in this process;
/// DHCP, NFS and the nodes are processes in namespaces that end with it.
/// </summary>
public sealed partial class WaltLab : IAsyncDisposable
{
    public const string ServerName = "walt-lab";

    readonly LabOptions _options;
    readonly LabState _state;
    readonly IReporter _reporter;
    readonly IReadOnlyList<LabImage> _images;
    readonly Dictionary<string, LabProgram> _services = new(StringComparer.Ordinal);
    readonly Dictionary<int, LabProgram> _nodes = [];
    readonly SemaphoreSlim _power = new(1);
    LabContainer? _server, _site;
    LabNetwork? _network;
    LabServer? _walt;
    bool _disposed;

    WaltLab(LabOptions options, LabState state, IReadOnlyList<LabImage> images, IReporter reporter) =>
        (_options, _state, _images, _reporter, StartedAt) = (options, state, images, reporter, DateTimeOffset.UtcNow);

    public LabFolder Folder => _options.Folder;
    public DateTimeOffset StartedAt { get; }
    public LabAccelerator Accelerator { get; private set; }
    public IReadOnlyList<LabImage> Images => _images;

    /// <summary>The way between nodes and server; may be changed while the lab runs.</summary>
    public LinkConditions Link { get => _network!.Link; set => _network!.Link = value; }

    /// <summary>From where the server is reached.</summary>
    public IFrontend Frontend { get; private set; } = null!;

    /// <summary>Raises all that can be said before anything is started.</summary>
    /// <exception cref="G5kException">
    /// <c>LabNeedsRoot</c>, <c>LabProgramsMissing</c>, <c>LabDeviceMissing</c>, <c>LabMemoryShort</c>, <c>LabImageMissing</c>,
    /// <c>LabImageNotFound</c>,
    /// <c>LabImageIncomplete</c>, <c>LabRunning</c>, <c>LabPathHidden</c>.
    /// </exception>
    public static void Check(LabOptions options)
    {
        LabChecks.RequireRoot();
        LabChecks.RequireVisible(options.Folder);
        LabProgramList.RequireForRunning();
        LabChecks.RequireTap();
        new LabImageStore(options.Folder).Require(options.Images);
        LabChecks.RequireMemory(options.NodeCount, options.MemoryMiB);
        if (LabState.Read(options.Folder) is { Owner.IsAlive: true } record) throw LabErrors.AlreadyRunning(options.Folder.Root, record.Owner);
    }

    /// <summary>Starts a lab; ends with its servers ready and its nodes switched on. What fails leaves nothing running.</summary>
    /// <exception cref="G5kException">As <see cref="Check"/>; <c>LabBusy</c>, <c>LabNamespaceFailed</c>, <c>LabNetworkFailed</c>,
    /// <c>LabServiceFailed</c>, <c>LabPortTaken</c>.</exception>
    public static async Task<WaltLab> StartAsync(LabOptions options, IReporter reporter, CancellationToken cancellationToken = default)
    {
        Check(options);
        LabFolder folder = options.Folder;
        using FileLock mine = FileLock.TryTake(folder.LockFile) ?? throw LabErrors.Busy(folder.Root);
        if (LabState.Read(folder) is { } left) await CleanAsync(folder, left, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<LabImage> images = new LabImageStore(folder).Require(options.Images);
        folder.DeleteRun();
        Directory.CreateDirectory(folder.Logs);
        WaltLab lab = new(options, LabState.Create(folder, options.NodeCount, DateTimeOffset.UtcNow), images, reporter);
        try
        {
            await lab.StartAsync(cancellationToken).ConfigureAwait(false);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops the lab of a folder, whoever has started it. False: there was none.</summary>
    /// <exception cref="G5kException"><c>LabNotStopped</c>, <c>LabBusy</c>, <c>LabStateCorrupt</c>.</exception>
    public static async Task<bool> StopAsync(LabFolder folder, CancellationToken cancellationToken = default)
    {
        if (LabState.Read(folder) is null) return false;
        using FileLock mine = FileLock.TryTake(folder.LockFile) ?? throw LabErrors.Busy(folder.Root);
        if (LabState.Read(folder) is not { } record) return false;
        await CleanAsync(folder, record, cancellationToken).ConfigureAwait(false);
        return true;
    }

    static async Task CleanAsync(LabFolder folder, LabRecord record, CancellationToken cancellationToken)
    {
        IReadOnlyList<LabPart> left = await LabCleaner.CleanAsync(folder, record, cancellationToken).ConfigureAwait(false);
        if (left.Count > 0) throw LabErrors.NotStopped(folder.Root, left.Select(p => $"{p.Name} ({p.Process})"));
    }

    /// <summary>A client of the lab's WalT server, as Connect-WaltServer makes one of another. The caller disposes it.</summary>
    public WaltServer OpenServer(IReporter reporter)
    {
        WaltServer server = new(new RecordingFrontend(Frontend, reporter, TimeProvider.System), ServerName, WaltServer.DefaultUser,
            TimeProvider.System, reporter) { HasNewHostKeys = true };
        server.UseImageLinks();
        server.HardReboot = HardRebootAsync;
        server.ReadFirmware = (names, _) => Task.FromResult<IReadOnlyDictionary<string, string>>(
            names.ToDictionary(n => n, _ => "bios", StringComparer.Ordinal));
        return server;
    }

    /// <summary>Presses the reset button of nodes, or switches them on; the reasons of failures by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> HardRebootAsync(IReadOnlyList<string> names, CancellationToken cancellationToken = default)
    {
        Dictionary<string, string> failures = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            int index = Enumerable.Range(0, _options.NodeCount).FirstOrDefault(i => LabNetwork.GetNodeName(i) == name, -1);
            if (index < 0) failures[name] = "it is no node of the lab";
            else if (await SwitchOnAsync(index, reset: true, cancellationToken).ConfigureAwait(false) is { } why) failures[name] = why;
            else _walt!.MarkDown(name, "cause: hard reboot, method: lab");
        }
        return failures;
    }

    /// <summary>Switches a node off.</summary>
    public async Task SwitchOffAsync(string name)
    {
        int index = Enumerable.Range(0, _options.NodeCount).FirstOrDefault(i => LabNetwork.GetNodeName(i) == name, -1);
        if (index < 0) throw LabErrors.NodeNotFound(name);
        if (_nodes.Remove(index, out LabProgram? program)) await program.DisposeAsync().ConfigureAwait(false);
        _state.Remove("program", name);
        _walt?.MarkDown(name, "cause: switched off");
    }

    /// <summary>Ends the servers at once, as a crash would: for tests of what the nodes and the boot driver make of it.</summary>
    internal void KillServer()
    {
        _walt?.Stop();
        foreach (LabProgram program in _services.Values) program.Stamp?.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        _walt?.Stop();
        foreach (LabProgram program in _nodes.Values.Concat(_services.Values)) await program.DisposeAsync().ConfigureAwait(false);
        if (_site is not null) await _site.DisposeAsync().ConfigureAwait(false);
        if (_server is not null) await _server.DisposeAsync().ConfigureAwait(false);
        _network?.Dispose();
        _power.Dispose();
        // By what was written down, so that nothing is forgotten that failed half-way.
        if (LabState.Read(Folder) is { } record && record.Owner == ProcessStamp.Own)
            await CleanAsync(Folder, record, CancellationToken.None).ConfigureAwait(false);
    }
}
