using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>The parameters, and the request that they make.</summary>
public sealed partial class DeployG5kNodeCommand
{
    string? _localScript, _localKey, _localSteps, _localDescription;
    string? _keyText, _stepsText, _descriptionText;

    // On which nodes.

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [G5kNodeConversion]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public G5kNodeRef[] Node { get; set; } = [];

    [Parameter]
    [Alias("Nodes")]
    [NodeCountConversion]
    public NodeCounts? NodeCount { get; set; }

    [Parameter]
    [G5kNodeConversion]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public G5kNodeRef[] Spare { get; set; } = [];

    // What.

    [Parameter(Mandatory = true, Position = 1)]
    [DeployedEnvironmentConversion]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public EnvironmentRef? Environment { get; set; }

    [Parameter]
    [Alias("Arch")]
    [ValidateSet("x86_64", "aarch64", "ppc64le")]
    public string? Architecture { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Key { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BlockDevice { get; set; }

    [Parameter]
    [ValidateSet("ext2", "ext3", "ext4", "xfs", "btrfs")]
    public string? ReformatTmp { get; set; }

    [Parameter]
    [Alias("Vlan")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VlanCompleter))]
    public string? VlanId { get; set; }

    // How.

    [Parameter]
    [KadeployStepConversion]
    [ArgumentCompleter(typeof(KadeployStepCompleter))]
    public KadeployForcedStep[] Step { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RebootTimeout { get; set; }

    [Parameter]
    public SwitchParameter Kexec { get; set; }

    [Parameter]
    public SwitchParameter NoKexec { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(BreakpointCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Breakpoint { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CustomStep { get; set; }

    // How hard to try, and what then.

    [Parameter]
    [ValidateRange(0, 20)]
    public int Retries { get; set; } = 1;

    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? MinNodes { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Script { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ScriptPath { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(25);

    [Parameter]
    [ValidateRange(1, 512)]
    public int ThrottleLimit { get; set; } = 32;

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter]
    public SwitchParameter UseApi { get; set; }

    void CheckCombination()
    {
        if (Kexec && NoKexec) throw Failures.ConflictingParameters(nameof(Kexec), nameof(NoKexec));
        if (Script is not null && ScriptPath is not null) throw Failures.ConflictingParameters(nameof(Script), nameof(ScriptPath));
        if (!NoWait) return;
        foreach ((string name, bool isGiven) in (ReadOnlySpan<(string, bool)>)[(nameof(Script), (Script ?? ScriptPath) is not null),
            (nameof(MinNodes), MinNodes is not null),
            (nameof(Spare), Spare.Length > 0), (nameof(AsJob), AsJob)])
            if (isGiven) throw Failures.ConflictingParameters(nameof(NoWait), name);
    }

    /// <summary>Files of this machine; what is not here is one of the front-end.</summary>
    void FindFiles()
    {
        _localScript = Script is null ? null : GetUnresolvedProviderPathFromPSPath(Script);
        if (_localScript is not null && !File.Exists(_localScript))
            throw new TerminatingErrorException(Errors.From(Failures.ScriptNotFound(_localScript)));
        _localKey = FindHere(Key);
        _localSteps = FindHere(CustomStep);
        _localDescription = Environment?.IsFile() == true ? FindHere(Environment.Name) : null;
    }

    string? FindHere(string? path)
    {
        if (path is null || path.Contains("://", StringComparison.Ordinal) || path.Contains('\n', StringComparison.Ordinal)) return null;
        try
        {
            string here = GetUnresolvedProviderPathFromPSPath(path);
            return File.Exists(here) ? here : null;
        }
        catch (Exception e) when (e is RuntimeException or NotSupportedException)
        {
            return null;
        }
    }

    async Task ReadFilesAsync(CancellationToken cancellationToken)
    {
        _keyText = await ReadAsync(_localKey, cancellationToken).ConfigureAwait(false);
        _stepsText = await ReadAsync(_localSteps, cancellationToken).ConfigureAwait(false);
        _descriptionText = Environment!.GetText() ?? await ReadAsync(_localDescription, cancellationToken).ConfigureAwait(false);
        _files = new DeploymentFiles { Description = _descriptionText, CustomSteps = _stepsText };
    }

    static async Task<string?> ReadAsync(string? path, CancellationToken cancellationToken) =>
        path is null ? null : await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);

    /// <summary>The first nodes of each site up to the count; the others are spares.</summary>
    (IReadOnlyList<string> Nodes, IReadOnlyList<string> Spares) SplitByCount(IReadOnlyList<string> nodes, IReadOnlyList<string> spares)
    {
        if (NodeCount is null) return (nodes, spares);
        string[] sites = [.. nodes.Select(KadeployNodes.SiteOf).Distinct(StringComparer.Ordinal)];
        SortedDictionary<string, int> counts = NodeCount.For(sites);
        string[] chosen = [.. nodes.GroupBy(KadeployNodes.SiteOf, StringComparer.Ordinal).SelectMany(g => g.Take(counts.GetValueOrDefault(g.Key)))];
        foreach ((string site, int count) in counts)
        {
            int there = chosen.Count(n => KadeployNodes.SiteOf(n) == site);
            if (there < count) throw Failures.TooFewNodesGiven(site, there, count);
        }
        return (chosen, [.. spares.Concat(nodes.Except(chosen))]);
    }

    NodeDeploymentRequest ToRequest(IReadOnlyList<string> nodes, IReadOnlyList<string> spares)
    {
        KadeployTimeout? rebootTimeout = RebootTimeout is null ? null : KadeployTimeout.Parse(RebootTimeout);
        EnvironmentRef environment = Environment!;
        bool isDescription = environment.IsUrl() || environment.IsFile() || _descriptionText is not null;
        bool addsKexec = Kexec && !Step.Any(s => s.Kind == "BootNewEnv");
        KadeployForcedStep[] steps = addsKexec ? [.. Step, UsualSteps.Find("BootNewEnvKexec"), UsualSteps.Find("BootNewEnvHardReboot")] : Step;
        return new NodeDeploymentRequest
        {
            Nodes = nodes,
            Spares = spares,
            MinNodes = MinNodes,
            Retries = Retries,
            ThrottleLimit = ThrottleLimit,
            Order = new KadeployRequest
            {
                Nodes = nodes,
                Environment = _descriptionText is null ? environment.Name : CommandChannel.GetPath(GetDescriptionName()),
                IsDescription = isDescription,
                Architecture = Architecture,
                Key = _keyText is not null ? new KadeployKey(null, _keyText) : Key is null ? KadeployKey.AuthorizedKeys : KadeployKey.Parse(Key),
                Partition = Partition,
                BlockDevice = BlockDevice,
                ReformatTmp = ReformatTmp,
                Vlan = VlanId,
                Steps = UsualSteps.Complete(steps),
                RebootClassicalTimeout = rebootTimeout,
                RebootKexecTimeout = rebootTimeout,
                NoKexec = NoKexec,
                Breakpoint = Breakpoint,
                CustomSteps = _stepsText is null ? CustomStep : CommandChannel.GetPath(Path.GetFileName(_localSteps!)),
                NoWait = NoWait,
                Timeout = Timeout,
            },
        };
    }

    string GetDescriptionName() => _localDescription is null ? $"{Environment!.Name}.yaml" : Path.GetFileName(_localDescription);
}
