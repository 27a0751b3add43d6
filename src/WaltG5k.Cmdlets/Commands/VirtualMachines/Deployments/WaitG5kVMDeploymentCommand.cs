using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Wait-G5kVMDeployment: until a deployment of virtual machines is ready or has failed, whichever shell drives it.</summary>
[Cmdlet(VerbsLifecycle.Wait, "G5kVMDeployment")]
[OutputType(typeof(VMDeploymentInfo))]
public sealed class WaitG5kVMDeploymentCommand : WaitingCmdlet
{
    readonly List<VMDeploymentRef> _references = [];
    IReadOnlyList<string> _ids = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [VMDeploymentConversion]
    [ArgumentCompleter(typeof(VMDeploymentCompleter))]
    public VMDeploymentRef[] Deployment { get; set; } = [];

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(2);

    internal override string JobSubject => string.Join(", ", _ids);

    protected override void ProcessRecord() => _references.AddRange(Deployment);

    internal override Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0 && MyInvocation.ExpectingInput) return Task.FromResult(false);   // upstream made nothing
        _ids = VMDeploymentLookup.GetIds(this, _references, alive: false);
        return Task.FromResult(true);
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        var wait = new VMDeploymentWait(Session, output, Timeout);
        foreach (string id in _ids) await wait.WaitAsync(id, writesResult: true, cancellationToken).ConfigureAwait(false);
    }
}
