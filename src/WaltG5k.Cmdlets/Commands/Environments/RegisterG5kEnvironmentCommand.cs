using System.Collections.Concurrent;
using System.Management.Automation;
using WaltG5k.Completers;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Register-G5kEnvironment: registers descriptions at sites, so that they can be deployed by name.</summary>
[Cmdlet(VerbsLifecycle.Register, "G5kEnvironment", SupportsShouldProcess = true, DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(EnvironmentInfo))]
public sealed class RegisterG5kEnvironmentCommand : EnvironmentFileCmdlet
{
    readonly ConcurrentBag<EnvironmentInfo> _registered = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    public EnvironmentVisibility? Visibility { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? PublicSite { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override async Task ActAsync(EnvironmentDescription description, string? site, string? path, CancellationToken cancellationToken)
    {
        string[] given = Site.Length == 0 && site is not null ? [site] : Site;
        IReadOnlyList<string> sites = await EnvironmentAccess.GetTargetSitesAsync(this, given, description.Name, cancellationToken)
            .ConfigureAwait(false);
        description = description with { Owner = null, Visibility = Visibility ?? description.Visibility };
        if (PublicSite is not null) description = PublicFolder.UseUrls(description, PublicSite, Grid.User);
        var accepted = new List<string>();
        foreach (string target in sites)
            if (await ConfirmAsync($"environment {description.Name}:{description.Version} at {target}", "Register").ConfigureAwait(false))
                accepted.Add(target);
        await OarAccess.AtEachSiteAsync(this, accepted, async (target, token) =>
        {
            EnvironmentInfo registered = await EnvironmentAccess.OpenRegistry(this, target).RegisterAsync(description, Force, token)
                .ConfigureAwait(false);
            _registered.Add(registered);
            Write(registered);
        }, cancellationToken).ConfigureAwait(false);
    }

    protected override Task EndAsync(CancellationToken cancellationToken)
    {
        Names.Add([.. _registered]);
        return Task.CompletedTask;
    }
}
