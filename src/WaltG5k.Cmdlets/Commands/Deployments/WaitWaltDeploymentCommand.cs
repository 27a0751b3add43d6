using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Deployments;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Wait-WaltDeployment: until a deployment is ready or has failed, whichever shell drives it.</summary>
[Cmdlet(VerbsLifecycle.Wait, "WaltDeployment")]
[OutputType(typeof(DeploymentInfo))]
public sealed class WaitWaltDeploymentCommand : WaitingCmdlet
{
    readonly List<DeploymentRef> _references = [];
    IReadOnlyList<string> _ids = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [DeploymentConversion]
    [ArgumentCompleter(typeof(DeploymentCompleter))]
    public DeploymentRef[] Deployment { get; set; } = [];

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(2);

    internal override string JobSubject => string.Join(", ", _ids);

    protected override void ProcessRecord() => _references.AddRange(Deployment);

    internal override Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0 && MyInvocation.ExpectingInput) return Task.FromResult(false);   // upstream made nothing
        _ids = DeploymentLookup.GetIdsOrLast(this, _references);
        return Task.FromResult(true);
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        var wait = new DeploymentWait(Session, output, Timeout);
        foreach (string id in _ids) await wait.WaitAsync(id, writesResult: true, cancellationToken).ConfigureAwait(false);
    }
}
