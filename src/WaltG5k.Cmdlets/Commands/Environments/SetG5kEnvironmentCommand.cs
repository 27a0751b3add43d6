using System.Management.Automation;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>
/// Set-G5kEnvironment: changes what can be changed of a registered environment: who sees it, its mark as destructive, its checksums.
/// </summary>
[Cmdlet(VerbsCommon.Set, "G5kEnvironment", SupportsShouldProcess = true)]
[OutputType(typeof(EnvironmentInfo))]
public sealed class SetG5kEnvironmentCommand : RegisteredEnvironmentCmdlet
{
    [Parameter]
    public EnvironmentVisibility? Visibility { get; set; }

    [Parameter]
    public SwitchParameter Destructive { get; set; }

    [Parameter]
    public SwitchParameter UpdateChecksum { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    bool SetsDestructive => MyInvocation.BoundParameters.ContainsKey(nameof(Destructive));

    internal override string Action
    {
        get
        {
            var changes = new List<string>();
            if (Visibility is { } visibility) changes.Add($"Make it {visibility.ToString().ToLowerInvariant()}");
            if (SetsDestructive) changes.Add(Destructive ? "Mark it as destructive" : "Mark it as not destructive");
            if (UpdateChecksum) changes.Add("Update its checksums");
            return string.Join(", ", changes);
        }
    }

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (Visibility is null && !SetsDestructive && !UpdateChecksum) throw Failures.NothingToSet();
        await base.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    internal override async Task ActAsync(EnvironmentRegistry registry, EnvironmentInfo environment, CancellationToken cancellationToken)
    {
        bool hasChanged = false;
        if (Visibility is { } visibility) hasChanged |= await registry.SetVisibilityAsync(environment, visibility, cancellationToken)
            .ConfigureAwait(false);
        if (SetsDestructive) hasChanged |= await registry.SetDestructiveAsync(environment, Destructive, cancellationToken).ConfigureAwait(false);
        if (UpdateChecksum) hasChanged |= await registry.UpdateChecksumsAsync(environment, cancellationToken).ConfigureAwait(false);
        if (!hasChanged) ((IReporter)this).Verbose($"{environment.Specification} at {environment.Site} was so already.");
        if (PassThru) Write(await EnvironmentAccess.FindAsync(this, environment.Site, EnvironmentSpecification.Parse(environment.Specification),
            cancellationToken).ConfigureAwait(false));
    }
}
