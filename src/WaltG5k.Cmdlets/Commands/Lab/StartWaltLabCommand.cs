using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Lab;
using WaltG5k.Lab.Network;
using WaltG5k.Lab.Services;
using WaltG5k.Parameters;
using WaltG5k.Testbed;

namespace WaltG5k.Commands;

/// <summary>Start-WaltLab: starts a WalT platform of virtual nodes on this machine and connects to its server.</summary>
[Cmdlet(VerbsLifecycle.Start, "WaltLab", SupportsShouldProcess = true)]
[OutputType(typeof(LabInfo))]
public sealed class StartWaltLabCommand : LabCmdlet
{
    const int ProgressId = 0x6c616257;
    const double MillisecondsLimit = 10_000;

    /// <summary>Images for the nodes; they boot the first one until they are told otherwise.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(LabImageCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Image { get; set; } = [];

    [Parameter]
    [Alias("NodeCount")]
    [ValidateRange(1, 100)]
    public int Count { get; set; } = 1;

    /// <summary>Of each node.</summary>
    [Parameter]
    [ValidateRange(64, 1 << 20)]
    public int MemoryMiB { get; set; } = 512;

    /// <summary>Milliseconds from the nodes to the server and back.</summary>
    [Parameter]
    [ValidateRange(0.0, MillisecondsLimit)]
    public double RoundTrip { get; set; }

    /// <summary>Megabits per second between nodes and server.</summary>
    [Parameter]
    [ValidateRange(0.1, 100_000.0)]
    public double? Bandwidth { get; set; }

    /// <summary>Percent of the frames that get lost.</summary>
    [Parameter]
    [ValidateRange(0.0, 90.0)]
    public double Loss { get; set; }

    [Parameter]
    public WaltBootloader Bootloader { get; set; } = WaltBootloader.Http;

    [Parameter]
    public LabAccelerator Accelerator { get; set; }

    /// <summary>Do not wait for the nodes' first boot.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>For the first boot.</summary>
    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    G5kSession? _session;

    protected override void Prepare() => _session = CurrentSession.Value;

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        LabOptions options = new()
        {
            Folder = Folder,
            Images = Image,
            NodeCount = Count,
            MemoryMiB = MemoryMiB,
            Link = new LinkConditions { RoundTrip = TimeSpan.FromMilliseconds(RoundTrip), BandwidthMbps = Bandwidth ?? 0, LossPercent = Loss },
            Bootloader = Bootloader,
            Accelerator = Accelerator,
        };
        if (!await ConfirmAsync(Folder.Root, $"Start a lab of {Count} virtual {(Count == 1 ? "node" : "nodes")}").ConfigureAwait(false)) return;
        if (_session?.Grid is TestbedGrid) throw Failures.LabOnTestbed();
        WaltLab lab = await WaltLab.StartAsync(options, this, cancellationToken).ConfigureAwait(false);
        try
        {
            await ConnectAsync(lab, cancellationToken).ConfigureAwait(false);
            if (!NoWait) await WaitAsync(lab, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _session?.WaltConnection = null;
            RunningLabs.Take(lab.Folder);
            await lab.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        Write(lab.GetInformation());
    }

    async Task ConnectAsync(WaltLab lab, CancellationToken cancellationToken)
    {
        WaltServer probe = lab.OpenServer(this);
        await using (probe.ConfigureAwait(false))
        {
            string version = await probe.CheckAsync(cancellationToken).ConfigureAwait(false);
            G5kSession session = _session ??= SessionOpener.OpenStandalone(WaltLab.ServerName);
            session.WaltConnection = new WaltConnection(WaltLab.ServerName, WaltServer.DefaultUser, version, lab.Frontend.Name,
                DateTimeOffset.UtcNow, lab.OpenServer);
            RunningLabs.Add(lab);
            Post(() => CurrentSession.Value = session);
        }
    }

    async Task WaitAsync(WaltLab lab, CancellationToken cancellationToken)
    {
        string[] names = [.. lab.GetInformation().Nodes.Select(n => n.Name)];
        IReporter reporter = this;
        const string Activity = "Waiting for the nodes of the lab";
        reporter.Progress(new ProgressUpdate(ProgressId, Activity, $"0 of {names.Length} booted") { Percent = 0 });
        WaltServer server = lab.OpenServer(SilentReporter.Instance);
        await using (server.ConfigureAwait(false))
        {
            int count = 0;
            IReadOnlySet<string> booted = await server.WaitBootedAsync(names, Timeout, _ =>
            {
                int now = Interlocked.Increment(ref count);
                reporter.Progress(new ProgressUpdate(ProgressId, Activity, $"{now} of {names.Length} booted") { Percent = now * 100 / names.Length });
            }, cancellationToken).ConfigureAwait(false);
            reporter.Progress(new ProgressUpdate(ProgressId, Activity, "Done") { Completed = true });
            if (booted.Count < names.Length) reporter.Warning(FormattableString.Invariant(
                $"{names.Length - booted.Count} of {names.Length} nodes have not booted within {Timeout.TotalSeconds:0} s: see the findings of Get-WaltLab."));
        }
    }
}
