using System.Collections.Concurrent;
using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Copy-WaltNodeItem: copies files and folders to nodes, or from them.</summary>
[Cmdlet(VerbsCommon.Copy, "WaltNodeItem", SupportsShouldProcess = true, DefaultParameterSetName = ToSet)]
[OutputType(typeof(WaltCopyResult))]
public sealed class CopyWaltNodeItemCommand : WaltWaitingCmdlet
{
    const string ToSet = "To", FromSet = "From";
    const int ProgressId = 0x67356b0f;

    readonly List<WaltNodeRef> _references = [];
    readonly ConcurrentDictionary<string, long> _bytes = new(StringComparer.Ordinal);
    List<WaltNodeInfo> _nodes = [];
    IReadOnlyList<string> _paths = [];
    string _destination = "";

    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = ToSet, ValueFromPipeline = true)]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] ToNode { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = FromSet)]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] FromNode { get; set; } = [];

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int ThrottleLimit { get; set; } = 16;

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    [Parameter]
    public SwitchParameter Force { get; set; }

    bool IsSending => ParameterSetName == ToSet;

    internal override string JobSubject => _Format.Nodes(_nodes.Select(n => n.Name));

    protected override void Prepare()
    {
        base.Prepare();
        _paths = IsSending ? [.. Path.Select(GetUnresolvedProviderPathFromPSPath)] : Path;
        _destination = IsSending ? Destination : GetUnresolvedProviderPathFromPSPath(Destination);
    }

    protected override void ProcessRecord() => _references.AddRange(IsSending ? ToNode : FromNode);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0) return false;
        if (IsSending && _paths.FirstOrDefault(p => !File.Exists(p) && !Directory.Exists(p)) is { } missing)
            throw Failures.LocalItemNotFound(missing);
        FindWalt();
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltNodeInfo> known = await walt.ResolveAsync(_references, this, cancellationToken).ConfigureAwait(false);
            string action = IsSending ? $"Copy {string.Join(", ", Path)} to {Destination}"
                : $"Copy {string.Join(", ", Path)} from it to {Destination}";
            List<WaltNodeInfo> accepted = [];
            foreach (WaltNodeInfo node in await NodeUse.FilterAsync(walt, known, this, Force, cancellationToken).ConfigureAwait(false))
                if (await ConfirmAsync(node.Name, action).ConfigureAwait(false)) accepted.Add(node);
            _nodes = accepted;
        }
        return _nodes.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            NodeCopier copier = new(walt.Server, Timeout);
            int done = 0;
            ParallelOptions options = new() { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = cancellationToken };
            try
            {
                await Parallel.ForEachAsync(_nodes, options, async (node, token) =>
                {
                    foreach (WaltCopyResult result in await CopyAsync(copier, node, output, () => done, token).ConfigureAwait(false))
                    {
                        output.Write(result);
                        if (result.Error is { } error) output.WriteError(Errors.From(error));
                    }
                    Interlocked.Increment(ref done);
                    Show(output, done);
                }).ConfigureAwait(false);
            }
            finally { output.Progress(new ProgressUpdate(ProgressId, Activity, "Done") { Completed = true }); }
        }
    }

    async Task<IReadOnlyList<WaltCopyResult>> CopyAsync(NodeCopier copier, WaltNodeInfo node, IOutput output, Func<int> done,
        CancellationToken cancellationToken)
    {
        void Tell(long bytes)
        {
            _bytes[node.Name] = bytes;
            Show(output, done());
        }
        if (IsSending) return [await copier.SendAsync(node, _paths, _destination, Tell, cancellationToken).ConfigureAwait(false)];
        // What comes from several nodes must not overwrite each other.
        string folder = _nodes.Count > 1 ? System.IO.Path.Combine(_destination, node.Name) : _destination;
        List<WaltCopyResult> results = [];
        foreach (string path in _paths) results.Add(await copier.ReceiveAsync(node, path, folder, Tell, cancellationToken).ConfigureAwait(false));
        return results;
    }

    string Activity => IsSending ? "Copying to WalT nodes" : "Copying from WalT nodes";

    void Show(IOutput output, int done) => output.Progress(new ProgressUpdate(ProgressId, Activity,
        FormattableString.Invariant($"{done} of {_nodes.Count} nodes done, {_bytes.Values.Sum() / 1048576.0:0.0} MiB"))
        { Percent = done * 100 / _nodes.Count });
}
