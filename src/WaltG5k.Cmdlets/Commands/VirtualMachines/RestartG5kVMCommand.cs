using System.Management.Automation;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Restart-G5kVM: lets guests switch themselves off and start again, in the same jobs.</summary>
[Cmdlet(VerbsLifecycle.Restart, "G5kVM", SupportsShouldProcess = true)]
[OutputType(typeof(G5kVM))]
public sealed class RestartG5kVMCommand : G5kVMCmdlet
{
    VMWait? _wait;

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    internal override string Action => "Restart";

    internal override void Begin(int count) => _wait = new VMWait(this, "Restarting virtual machines", count);
    internal override void Finish() => _wait?.Complete();

    internal override async Task ActAsync(VMService service, string name, CancellationToken cancellationToken)
    {
        G5kVM vm = await service.RestartAsync(name, cancellationToken).ConfigureAwait(false);
        Write(NoWait ? vm : await _wait!.UntilReadyAsync(name, Timeout, cancellationToken).ConfigureAwait(false));
    }
}
