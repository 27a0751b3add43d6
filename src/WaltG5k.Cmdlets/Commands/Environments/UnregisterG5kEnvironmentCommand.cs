using System.Management.Automation;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Unregister-G5kEnvironment: removes environments from sites. Their files stay.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "G5kEnvironment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class UnregisterG5kEnvironmentCommand : RegisteredEnvironmentCmdlet
{
    [Parameter]
    public SwitchParameter AllVersion { get; set; }

    internal override string Action => "Unregister";

    internal override async Task<IReadOnlyList<EnvironmentInfo>> FindAsync(string site, EnvironmentSpecification wanted,
        CancellationToken cancellationToken)
    {
        if (!AllVersion || wanted.Version is not null) return await base.FindAsync(site, wanted, cancellationToken).ConfigureAwait(false);
        var found = new List<EnvironmentInfo>();
        await foreach (EnvironmentInfo environment in EnvironmentAccess.OpenRegistry(this, site)
            .ListAsync(wanted.User, allVersions: true, name => name == wanted.Name, cancellationToken).ConfigureAwait(false))
            found.Add(environment);
        return found.Count > 0 ? found : throw EnvironmentAccess.NotFound(this, site, wanted.ToString());
    }

    internal override Task ActAsync(EnvironmentRegistry registry, EnvironmentInfo environment, CancellationToken cancellationToken) =>
        registry.UnregisterAsync(environment, cancellationToken);
}
