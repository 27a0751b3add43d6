using System.Collections.Concurrent;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Jobs;

namespace WaltG5k.Commands;

/// <summary>Waits for machines side by side, with one bar for all.</summary>
internal sealed class VMWait(G5kCmdlet cmdlet, string activity, int count)
{
    const int ProgressId = 0x67356b12;
    readonly ConcurrentDictionary<string, VMState> _states = new(StringComparer.Ordinal);
    int _done;

    public async Task<G5kVM> UntilReadyAsync(string name, TimeSpan timeout, CancellationToken cancellationToken)
    {
        G5kVM vm = await VMAccess.Open(cmdlet).WaitReadyAsync(name, cmdlet.Session.Nodes, timeout, Show, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _done);
        Show(vm);
        return vm;
    }

    public void Complete() => ((IReporter)cmdlet).Progress(new ProgressUpdate(ProgressId, activity, "Done") { Completed = true });

    void Show(G5kVM vm)
    {
        _states[vm.Name] = vm.State;
        string states = string.Join(", ", _states.Values.GroupBy(s => s).OrderBy(g => g.Key)
            .Select(g => FormattableString.Invariant($"{g.Count()} {g.Key}")));
        ((IReporter)cmdlet).Progress(new ProgressUpdate(ProgressId, activity,
            FormattableString.Invariant($"{_done} of {count} reachable; {states}{(vm.Reason is null ? "" : $"; {vm.Name}: {vm.Reason}")}"))
        {
            Percent = count > 0 ? 100 * _done / count : -1,
        });
    }
}
