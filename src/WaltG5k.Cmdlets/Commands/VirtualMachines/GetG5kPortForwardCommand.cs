using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.VirtualMachines.Reach;

namespace WaltG5k.Commands;

/// <summary>Get-G5kPortForward: the ports of virtual machines that are open on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "G5kPortForward")]
[OutputType(typeof(G5kPortForward))]
public sealed class GetG5kPortForwardCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(PortForwardCompleter))]
    public int[] LocalPort { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VMCompleter))]
    public string[] Name { get; set; } = [];

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        var names = new NameFilter(Name);
        foreach (G5kPortForward forward in Session.PortForwards.All.Where(f => names.Matches(f.VM)
            && (LocalPort.Length == 0 || LocalPort.Contains(f.LocalPort)))) Write(forward);
        return Task.CompletedTask;
    }
}
