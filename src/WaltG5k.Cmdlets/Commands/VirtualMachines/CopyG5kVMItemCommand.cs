using System.Collections.Concurrent;
using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Reach;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Copy-G5kVMItem: copies files and folders to virtual machines, or from them.</summary>
[Cmdlet(VerbsCommon.Copy, "G5kVMItem", SupportsShouldProcess = true, DefaultParameterSetName = ToSet)]
[OutputType(typeof(VMCopyResult))]
public sealed class CopyG5kVMItemCommand : WaitingCmdlet
{
    const string ToSet = "To", FromSet = "From";
    const int ProgressId = 0x67356b13;

    readonly List<G5kVMRef> _references = [];
    readonly ConcurrentDictionary<string, long> _bytes = new(StringComparer.Ordinal);
    List<G5kVM> _machines = [];
    IReadOnlyList<string> _paths = [];
    string _destination = "";
    int _done;

    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [Alias("Destination")]
    public string DestinationPath { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = ToSet, ValueFromPipeline = true)]
    [SupportsWildcards]
    [G5kVMConversion]
    [ArgumentCompleter(typeof(VMCompleter))]
    public G5kVMRef[] ToVM { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = FromSet)]
    [SupportsWildcards]
    [G5kVMConversion]
    [ArgumentCompleter(typeof(VMCompleter))]
    public G5kVMRef[] FromVM { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string UserName { get; set; } = G5kVM.DefaultUser;

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int ThrottleLimit { get; set; } = 16;

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    bool IsSending => ParameterSetName == ToSet;

    internal override string JobSubject => _Format.Nodes(_machines.Select(m => m.Name));

    protected override void Prepare()
    {
        base.Prepare();
        _paths = IsSending ? [.. Path.Select(GetUnresolvedProviderPathFromPSPath)] : Path;
        _destination = IsSending ? DestinationPath : GetUnresolvedProviderPathFromPSPath(DestinationPath);
    }

    protected override void ProcessRecord() => _references.AddRange(IsSending ? ToVM : FromVM);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (IsSending && _paths.FirstOrDefault(p => !File.Exists(p) && !Directory.Exists(p)) is { } missing)
            throw Failures.LocalItemNotFound(missing);
        string action = IsSending ? $"Copy {string.Join(", ", Path)} to {DestinationPath}" : $"Copy {string.Join(", ", Path)} from it to {DestinationPath}";
        foreach (G5kVM vm in await VMAccess.ReadRunningAsync(this, _references, cancellationToken).ConfigureAwait(false))
            if (await ConfirmAsync(vm.Name, action).ConfigureAwait(false)) _machines.Add(vm);
        return _machines.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        var copier = new VMCopier(Session.Grid, Timeout);
        ParallelOptions options = new() { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(_machines, options, async (vm, token) =>
            {
                foreach (VMCopyResult result in await CopyAsync(copier, vm, output, token).ConfigureAwait(false))
                {
                    output.Write(result);
                    if (result.Error is { } error) output.WriteError(Errors.From(error));
                }
                Interlocked.Increment(ref _done);
                Show(output);
            }).ConfigureAwait(false);
        }
        finally { output.Progress(new ProgressUpdate(ProgressId, Activity, "Done") { Completed = true }); }
    }

    async Task<IReadOnlyList<VMCopyResult>> CopyAsync(VMCopier copier, G5kVM vm, IOutput output, CancellationToken cancellationToken)
    {
        void Tell(long bytes)
        {
            _bytes[vm.Name] = bytes;
            Show(output);
        }
        if (IsSending) return [await copier.SendAsync(vm, UserName, _paths, _destination, Tell, cancellationToken).ConfigureAwait(false)];
        // What comes from several machines must not overwrite each other.
        string folder = _machines.Count > 1 ? System.IO.Path.Combine(_destination, vm.Name) : _destination;
        List<VMCopyResult> results = [];
        foreach (string path in _paths) results.Add(await copier.ReceiveAsync(vm, UserName, path, folder, Tell, cancellationToken)
            .ConfigureAwait(false));
        return results;
    }

    string Activity => IsSending ? "Copying to virtual machines" : "Copying from virtual machines";

    void Show(IOutput output) => output.Progress(new ProgressUpdate(ProgressId, Activity,
        FormattableString.Invariant($"{_done} of {_machines.Count} machines done, {_bytes.Values.Sum() / 1048576.0:0.0} MiB"))
        { Percent = _done * 100 / _machines.Count });
}
