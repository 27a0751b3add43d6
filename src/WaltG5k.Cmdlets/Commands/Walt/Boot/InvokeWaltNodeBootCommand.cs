using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Walt;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Invoke-WaltNodeBoot: boots nodes on an image by the fastest way that works.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "WaltNodeBoot", SupportsShouldProcess = true)]
[OutputType(typeof(WaltBootResult))]
public sealed class InvokeWaltNodeBootCommand : WaltWaitingCmdlet
{
    const int ProgressId = 0x67356b03;
    readonly List<WaltNodeRef> _references = [];
    List<string> _nodes = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string? Image { get; set; }

    [Parameter]
    public WaltBootMethod Method { get; set; }

    /// <summary>By default as the image is set up.</summary>
    [Parameter]
    public WaltRootFileSystem? RootFileSystem { get; set; }

    /// <summary>The boot loader that is expected.</summary>
    [Parameter]
    public WaltBootloader? Bootloader { get; set; }

    /// <summary>Find out how each boot's time is divided.</summary>
    [Parameter]
    public SwitchParameter Trace { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(7);

    [Parameter]
    [ValidateRange(0, 20)]
    public int Retries { get; set; } = 2;

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int ThrottleLimit { get; set; } = 256;

    internal override string JobSubject => _Format.Nodes(_nodes);

    protected override void ProcessRecord() => _references.AddRange(Node);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0) return false;
        FindWalt();
        IReadOnlyList<WaltNodeInfo> known;
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false)) known = await walt.ResolveAsync(_references, this, cancellationToken).ConfigureAwait(false);
        string how = string.Join(", ", new[] { Method == WaltBootMethod.Auto ? "" : $"{Method}",
            RootFileSystem is { } root ? $"root file system by {root}" : "" }.Where(t => t.Length > 0));
        string action = $"Boot {Image ?? "its image"}{(how.Length == 0 ? "" : $" ({how})")}";
        List<string> accepted = [];
        foreach (WaltNodeInfo node in known)
            if (await ConfirmAsync(node.Name, action).ConfigureAwait(false)) accepted.Add(node.Name);
        _nodes = accepted;
        return _nodes.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            int done = 0, failed = 0;
            Show(output, 0, 0);
            try
            {
                await foreach (WaltBootResult result in new WaltBootDriver(walt.Server, walt.SiteOf).BootAsync(ToRequest(), cancellationToken)
                    .ConfigureAwait(false))
                {
                    output.Write(result);
                    if (result.IsBooted || result.Error is not null) await walt.KeepAsync(result, output, cancellationToken).ConfigureAwait(false);
                    done++;
                    if (result.Error is { } error)
                    {
                        failed++;
                        output.WriteError(Errors.From(error));
                    }
                    Show(output, done, failed);
                }
            }
            finally { output.Progress(new ProgressUpdate(ProgressId, Activity, "Done") { Completed = true }); }
        }
    }

    string Activity => $"Booting {Image ?? "WalT nodes"}";

    void Show(IOutput output, int done, int failed) => output.Progress(new ProgressUpdate(
        ProgressId, Activity, $"{done} of {_nodes.Count} nodes done{(failed > 0 ? $", {failed} failed" : "")}")
        { Percent = done * 100 / _nodes.Count });

    WaltBootRequest ToRequest() => new()
    {
        Nodes = _nodes,
        Image = Image,
        Method = Method,
        RootFileSystem = RootFileSystem,
        Bootloader = Bootloader,
        Trace = Trace,
        Wait = Wait || Trace,
        Timeout = Timeout,
        Retries = Retries,
        ThrottleLimit = ThrottleLimit,
    };
}
