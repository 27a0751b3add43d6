using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Reach;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>New-G5kPortForward: opens ports of virtual machines on this machine, until they are removed or the session ends.</summary>
[Cmdlet(VerbsCommon.New, "G5kPortForward", SupportsShouldProcess = true)]
[OutputType(typeof(G5kPortForward))]
public sealed class NewG5kPortForwardCommand : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("VM")]
    [SupportsWildcards]
    [G5kVMConversion]
    [ArgumentCompleter(typeof(VMCompleter))]
    public G5kVMRef[] Name { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    [Parameter(Position = 2)]
    [ValidateRange(0, 65535)]
    public int LocalPort { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        // It outlives this cmdlet.
        var service = new VMService(Session.Grid, SilentReporter.Instance);
        int next = LocalPort;
        foreach (G5kVM vm in await VMAccess.ReadRunningAsync(this, Name, cancellationToken).ConfigureAwait(false))
        {
            foreach (int port in Port)
            {
                // Several ports follow each other from the one that was chosen.
                int local = next == 0 ? 0 : next++;
                string action = local > 0 ? FormattableString.Invariant($"Open its port {port} as port {local} of this machine")
                    : FormattableString.Invariant($"Open its port {port} on this machine");
                if (!await ConfirmAsync(vm.Name, action).ConfigureAwait(false)) continue;
                try
                {
                    G5kPortForward forward = await G5kPortForward.OpenAsync(Session.Grid, vm, port, local,
                        token => vm.JobId is null ? Task.FromResult(vm) : service.GetAsync(vm.Name, token), cancellationToken).ConfigureAwait(false);
                    Session.PortForwards.Add(forward);
                    Write(forward);
                }
                catch (G5kException e) { WriteFailure(e); }
            }
        }
        LocalPort = next;
    }
}
