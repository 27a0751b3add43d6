using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Enter-G5kVM: a shell in a virtual machine, on this terminal.</summary>
[Cmdlet(VerbsCommon.Enter, "G5kVM", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class EnterG5kVMCommand : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("VM")]
    [G5kVMConversion]
    [ArgumentCompleter(typeof(VMCompleter))]
    public G5kVMRef[] Name { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string UserName { get; set; } = G5kVM.DefaultUser;

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (G5kVM vm in await VMAccess.ReadRunningAsync(this, Name, cancellationToken).ConfigureAwait(false))
        {
            if (!await ConfirmAsync(vm.Name, "Enter").ConfigureAwait(false)) continue;
            NodeTarget target = vm.ToTarget(UserName);
            NodeGate gate = Grid.GetFrontend(vm.Site).Gate;
            string[] port = target.Port is { } number ? ["-p", FormattableString.Invariant($"{number}")] : [];
            // Its host key is as new as the machine.
            CommandRequest shell = new([.. gate.Ssh, "-tt", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
                "LogLevel=ERROR", .. port, "--", $"{target.User}@{target.Host}"]);
            HostTerminal terminal = await HostTerminal.OpenAsync(this).ConfigureAwait(false);
            int status = await gate.Runner.RunInteractiveAsync(shell, terminal, cancellationToken).ConfigureAwait(false);
            if (status != 0) Post(() => WriteWarning(FormattableString.Invariant($"The shell on {vm.Name} ended with status {status}.")));
        }
    }
}
