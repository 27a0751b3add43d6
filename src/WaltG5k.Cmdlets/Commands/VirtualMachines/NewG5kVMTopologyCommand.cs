using System.Management.Automation;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>New-G5kVMTopology: machines of templates placed on hosts. It changes nothing; a machine for which there is no room is an error.</summary>
[Cmdlet(VerbsCommon.New, "G5kVMTopology", SupportsShouldProcess = true)]
[OutputType(typeof(VMTopology))]
public sealed class NewG5kVMTopologyCommand : VMHostCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [VMTemplateConversion]
    public VMTemplate[] Template { get; set; } = [];

    [Parameter]
    public string Name { get; set; } = "";

    [Parameter]
    public Distribution Distribution { get; set; }

    [Parameter]
    public int Seed { get; set; }

    [Parameter]
    public string[] Apart { get; set; } = [];

    [Parameter]
    public string[] Together { get; set; } = [];

    [Parameter]
    public string? Program { get; set; }

    [Parameter]
    public CapacityRule Rule { get; set; }

    /// <summary>Writes the topology without the machines that found no room.</summary>
    [Parameter]
    public SwitchParameter AllowPartial { get; set; }

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<VMHost> hosts = await GetHostsAsync(cancellationToken).ConfigureAwait(false);
        var taken = new HashSet<string>(hosts.SelectMany(h => h.Machines).Select(m => m.Id), StringComparer.OrdinalIgnoreCase);
        VirtualMachine[] machines = [.. Template.SelectMany(t => t.Expand(taken))];
        PlacementResult result = VMPlacer.Place(hosts, machines,
            BaseOptions with { Distribution = Distribution, Seed = Seed, Apart = Apart, Together = Together, Rule = Rule });
        foreach (PlacementRefusal refusal in result.Refusals) WriteFailure(Failures.MachineNotPlaced(refusal));
        if (!result.IsComplete && !AllowPartial) return;
        string what = FormattableString.Invariant(
            $"Describe {machines.Length - result.Refusals.Count} machines on {result.Hosts.Count(h => h.Machines.Count > 0)} hosts");
        if (!await ConfirmAsync(Name.Length > 0 ? Name : "a topology", what).ConfigureAwait(false)) return;
        Write(new VMTopology
        {
            Name = Name, Apart = Apart, Together = Together, Program = Program,
            // A host without machines would be reserved for nothing.
            Hosts = [.. result.Hosts.Where(h => h.Machines.Count > 0)],
        });
    }
}
