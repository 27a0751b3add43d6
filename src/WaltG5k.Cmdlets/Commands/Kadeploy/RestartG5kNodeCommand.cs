using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Restart-G5kNode: reboots nodes by Kadeploy.</summary>
[Cmdlet(VerbsLifecycle.Restart, "G5kNode", SupportsShouldProcess = true)]
[OutputType(typeof(NodeOperationResult))]
public sealed class RestartG5kNodeCommand : G5kNodeOperationCmdlet
{
    [Parameter]
    public RebootKind RebootKind { get; set; }

    [Parameter]
    public NodeLevel Level { get; set; }

    [Parameter]
    public string? EnvironmentName { get; set; }

    [Parameter]
    public string? Partition { get; set; }

    [Parameter]
    public string? BlockDevice { get; set; }

    [Parameter]
    public string? Key { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(Completers.VlanCompleter))]
    public string? VlanId { get; set; }

    [Parameter]
    public string? PxeProfile { get; set; }

    EnvironmentSpecification? _environment;

    internal override string Action => RebootKind switch
    {
        RebootKind.SetPxe => $"Reboot with the PXE profile {PxeProfile}",
        RebootKind.DeployEnvironment => "Reboot into Kadeploy's deployment system",
        RebootKind.RecordedEnvironment => $"Reboot into {_environment}",
        _ => $"Reboot ({Level.ToString().ToLowerInvariant()})",
    };

    protected override void Prepare()
    {
        base.Prepare();
        // Kadeploy would say so only after it has switched the nodes' boot settings.
        if (RebootKind == RebootKind.RecordedEnvironment && string.IsNullOrEmpty(EnvironmentName))
            throw new TerminatingErrorException(Errors.From(Failures.EnvironmentMissing()));
        if (RebootKind == RebootKind.SetPxe && string.IsNullOrEmpty(PxeProfile))
            throw new TerminatingErrorException(Errors.From(Failures.PxeProfileMissing()));
        if (!string.IsNullOrEmpty(EnvironmentName))
        {
            try { _environment = EnvironmentSpecification.Parse(EnvironmentName); }
            catch (Core.G5kException e) { throw new TerminatingErrorException(Errors.From(e)); }
        }
    }

    internal override IAsyncEnumerable<NodeOperationResult> RunAsync(NodeControl control, IReadOnlyList<string> nodes,
        CancellationToken cancellationToken) => control.RebootAsync(new NodeRebootRequest
    {
        Nodes = nodes,
        Kind = RebootKind,
        Level = Level,
        EscalateTo = Escalate && Level < NodeLevel.Hard ? NodeLevel.Hard : Level,
        Retries = Retries,
        Waits = !NoWait,
        Force = Force,
        Timeout = Timeout,
        Environment = _environment?.Name,
        EnvironmentUser = _environment?.User,
        EnvironmentVersion = _environment?.Version,
        Partition = Partition,
        BlockDevice = BlockDevice,
        Key = Key,
        Vlan = VlanId,
        PxeProfile = PxeProfile,
    }, cancellationToken);
}
