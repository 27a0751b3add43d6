using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Measure-WaltBoot: boots nodes again and again, or takes boots of the past, and summarises how long they took.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "WaltBoot", SupportsShouldProcess = true)]
[OutputType(typeof(WaltBootMeasurement), typeof(WaltBootComparison))]
public sealed class MeasureWaltBootCommand : WaltWaitingCmdlet
{
    const int ProgressId = 0x67356b05;

    readonly List<WaltNodeRef> _references = [];
    readonly List<WaltBootRecord> _history = [];
    List<string> _nodes = [];

    [Parameter(Position = 0)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    /// <summary>Nodes to boot, or boots of the past as Get-WaltBootHistory gives them: those are only counted.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string? Image { get; set; }

    [Parameter]
    public WaltBootMethod[] Method { get; set; } = [WaltBootMethod.Kexec];

    /// <summary>By default as the images are set up.</summary>
    [Parameter]
    public WaltRootFileSystem[] RootFileSystem { get; set; } = [];

    /// <summary>Boots of each node by each method.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 3;

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The table of the 2021 talk on WalT, with these boots beside it.</summary>
    [Parameter]
    public SwitchParameter AsComparison { get; set; }

    internal override string JobSubject => _Format.Nodes(_nodes);

    protected override void ProcessRecord()
    {
        object? input = InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject;
        if (input is WaltBootRecord boot) _history.Add(boot);
        else if (input is not null) _references.AddRange(WaltNodeConversionAttribute.ToNodes(input));
    }

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        _references.AddRange(Node);
        if (_references.Count == 0)
        {
            if (_history.Count == 0 && !MyInvocation.ExpectingInput) throw Failures.NothingToMeasure();
            return _history.Count > 0;
        }
        FindWalt();
        IReadOnlyList<WaltNodeInfo> known;
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false)) known = await walt.ResolveAsync(_references, this, cancellationToken).ConfigureAwait(false);
        int boots = Rounds.Count();
        List<string> accepted = [];
        foreach (WaltNodeInfo node in known)
            if (await ConfirmAsync(node.Name, $"Boot {Image ?? "its image"} {(boots == 1 ? "once" : $"{boots} times")}").ConfigureAwait(false))
                accepted.Add(node.Name);
        _nodes = accepted;
        return _nodes.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        if (_nodes.Count > 0) await BootAsync(output, cancellationToken).ConfigureAwait(false);
        IEnumerable<object> summary = AsComparison ? BootStatistics.Compare(_history) : BootStatistics.Summarise(_history);
        foreach (object line in summary) output.Write(line);
    }

    /// <summary>What each round boots by; those of one root file system together, since a change of it touches the images.</summary>
    IEnumerable<(WaltRootFileSystem? Root, WaltBootMethod Method)> Rounds =>
        from root in RootFileSystem.Length == 0 ? [null] : RootFileSystem.Distinct().Select(r => (WaltRootFileSystem?)r)
        from method in Method.Distinct()
        from round in Enumerable.Range(0, Count)
        select (root, method);

    async Task BootAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            var driver = new WaltBootDriver(walt.Server, walt.SiteOf);
            (WaltRootFileSystem? Root, WaltBootMethod Method)[] rounds = [.. Rounds];
            try
            {
                for (int i = 0; i < rounds.Length; i++)
                {
                    output.Progress(new ProgressUpdate(ProgressId, "Measuring boots",
                        $"round {i + 1} of {rounds.Length}: {rounds[i].Method}") { Percent = i * 100 / rounds.Length });
                    List<string> lost = await BootOnceAsync(driver, walt, rounds[i].Root, rounds[i].Method, output, cancellationToken)
                        .ConfigureAwait(false);
                    if (lost.Count > 0 && i + 1 < rounds.Length) await BringBackAsync(driver, lost, output, cancellationToken).ConfigureAwait(false);
                }
            }
            finally { output.Progress(new ProgressUpdate(ProgressId, "Measuring boots", "Done") { Completed = true }); }
        }
    }

    /// <summary>One round; gives the nodes that did not come up.</summary>
    async Task<List<string>> BootOnceAsync(WaltBootDriver driver, WaltAccess walt, WaltRootFileSystem? root, WaltBootMethod method, IOutput output,
        CancellationToken cancellationToken)
    {
        List<string> lost = [];
        var request = new WaltBootRequest
        {
            Nodes = _nodes, Image = Image, Method = method, RootFileSystem = root, Timeout = Timeout,
                Retries = method == WaltBootMethod.Auto ? 2 : 0, Trace = true,
        };
        await foreach (WaltBootResult result in driver.BootAsync(request, cancellationToken).ConfigureAwait(false))
        {
            _history.Add(await walt.KeepAsync(result, output, cancellationToken).ConfigureAwait(false));
            if (result.Error is not { } error) continue;
            output.WriteError(Errors.From(error));
            if (result.Attempts > 0) lost.Add(result.Node);
        }
        return lost;
    }

    /// <summary>Nodes that a method loses would fail all rounds that follow: a reset that does not count brings them back.</summary>
    static async Task BringBackAsync(WaltBootDriver driver, List<string> nodes, IOutput output, CancellationToken cancellationToken)
    {
        output.Verbose($"Bringing back {_Format.Nodes(nodes)} by a hard reboot that does not count");
        await foreach (WaltBootResult result in driver.BootAsync(new WaltBootRequest { Nodes = nodes, Method = WaltBootMethod.Hard },
            cancellationToken).ConfigureAwait(false))
            if (!result.IsBooted) output.Verbose($"{result.Node} did not come back");
    }
}
