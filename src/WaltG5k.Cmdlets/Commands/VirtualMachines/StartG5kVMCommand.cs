using System.Management.Automation;
using WaltG5k.Core.Oar;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Start-G5kVM: submits the jobs of machines that have none, and waits until they are reachable.</summary>
[Cmdlet(VerbsLifecycle.Start, "G5kVM", SupportsShouldProcess = true)]
[OutputType(typeof(G5kVM))]
public sealed class StartG5kVMCommand : G5kVMCmdlet
{
    VMWait? _wait;

    [Parameter]
    [WalltimeConversion]
    public Walltime? Walltime { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    internal override string Action => "Start";

    internal override void Begin(int count) => _wait = new VMWait(this, "Starting virtual machines", count);
    internal override void Finish() => _wait?.Complete();

    internal override async Task ActAsync(VMService service, string name, CancellationToken cancellationToken)
    {
        G5kVM vm = await service.StartAsync(name, Walltime, cancellationToken).ConfigureAwait(false);
        Write(NoWait ? vm : await _wait!.UntilReadyAsync(name, Timeout, cancellationToken).ConfigureAwait(false));
    }
}
