using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>
/// A cmdlet that changes registered environments: asks for each one, then works on them in parallel, with an error record for each that fails.
/// </summary>
public abstract class RegisteredEnvironmentCmdlet : G5kCmdlet
{
    readonly List<EnvironmentRef> _references = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [EnvironmentConversion]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public EnvironmentRef[] Environment { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    /// <summary>What -WhatIf and -Confirm name.</summary>
    internal abstract string Action { get; }

    internal abstract Task ActAsync(EnvironmentRegistry registry, EnvironmentInfo environment, CancellationToken cancellationToken);

    /// <summary>The environments of a site that a name means.</summary>
    internal virtual async Task<IReadOnlyList<EnvironmentInfo>> FindAsync(string site, EnvironmentSpecification wanted,
        CancellationToken cancellationToken) =>
        [await EnvironmentAccess.FindAsync(this, site, wanted, cancellationToken).ConfigureAwait(false)];

    protected sealed override void ProcessRecord() => _references.AddRange(Environment);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        var accepted = new List<EnvironmentInfo>();
        foreach (EnvironmentInfo environment in await ResolveAsync(cancellationToken).ConfigureAwait(false))
            if (await ConfirmAsync($"environment {environment.Specification} at {environment.Site}", Action).ConfigureAwait(false))
                accepted.Add(environment);
        await OarAccess.ForEachAsync(this, accepted, (environment, token) =>
            ActAsync(EnvironmentAccess.OpenRegistry(this, environment.Site), environment, token), cancellationToken).ConfigureAwait(false);
    }

    async Task<IEnumerable<EnvironmentInfo>> ResolveAsync(CancellationToken cancellationToken)
    {
        var found = new List<EnvironmentInfo>();
        foreach (EnvironmentRef reference in _references)
        {
            try
            {
                // An object means the one at its own site.
                if (reference.Info is { } given && Site.Length == 0)
                {
                    found.Add(given);
                    continue;
                }
                // Only one's own can be changed: a name without an owner never means a public one.
                EnvironmentSpecification wanted = EnvironmentSpecification.Parse(reference.Name);
                wanted = wanted with { User = wanted.User ?? Grid.User };
                foreach (string site in await EnvironmentAccess.GetTargetSitesAsync(this, Site, reference.Name, cancellationToken)
                    .ConfigureAwait(false))
                {
                    try { found.AddRange(await FindAsync(site, wanted, cancellationToken).ConfigureAwait(false)); }
                    catch (G5kException e) { WriteFailure(e); }
                }
            }
            catch (G5kException e) { WriteFailure(e); }
        }
        return found.Distinct();
    }
}
