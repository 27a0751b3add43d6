using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>
/// A cmdlet that does something with virtual machines: asks for each one, then works on them side by side, with an error record for each that fails.
/// </summary>
public abstract class G5kVMCmdlet : G5kCmdlet
{
    readonly List<G5kVMRef> _references = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("VM")]
    [SupportsWildcards]
    [G5kVMConversion]
    [ArgumentCompleter(typeof(VMCompleter))]
    public G5kVMRef[] Name { get; set; } = [];

    /// <summary>What -WhatIf and -Confirm name.</summary>
    internal abstract string Action { get; }

    internal abstract Task ActAsync(VMService service, string name, CancellationToken cancellationToken);

    /// <summary>Those that are asked about before anything is done.</summary>
    internal virtual Task ActOnOrphanAsync(VMService service, G5kVMRef orphan, CancellationToken cancellationToken)
    {
        WriteFailure(Failures.VMNotFound(orphan.Name, []));
        return Task.CompletedTask;
    }

    /// <summary>Called when all are accepted, with their number.</summary>
    internal virtual void Begin(int count) { }

    internal virtual void Finish() { }

    protected sealed override void ProcessRecord() => _references.AddRange(Name);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        VMService service = VMAccess.Open(this);
        List<G5kVMRef> accepted = [];
        foreach (G5kVMRef orphan in _references.Where(r => r.IsOrphan).Distinct())
            if (await ConfirmAsync($"virtual machine {orphan} of {orphan.Site}, known to nobody here", Action).ConfigureAwait(false))
                accepted.Add(orphan);
        foreach (string name in VMAccess.Resolve(this, _references.Where(r => !r.IsOrphan)))
            if (await ConfirmAsync($"virtual machine {name}", Action).ConfigureAwait(false)) accepted.Add(new G5kVMRef(name));
        Begin(accepted.Count);
        try
        {
            await OarAccess.ForEachAsync(this, accepted,
                (machine, token) => machine.IsOrphan ? ActOnOrphanAsync(service, machine, token) : ActAsync(service, machine.Name, token),
                cancellationToken).ConfigureAwait(false);
        }
        finally { Finish(); }
    }
}
