using System.Collections.Concurrent;
using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Get-G5kEnvironment: the environments that can be deployed at some or all sites.</summary>
[Cmdlet(VerbsCommon.Get, "G5kEnvironment")]
[OutputType(typeof(EnvironmentInfo))]
public sealed class GetG5kEnvironmentCommand : G5kCmdlet
{
    readonly ConcurrentBag<EnvironmentInfo> _seen = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(EnvironmentUserCompleter))]
    public string[] User { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(EnvironmentVersionCompleter))]
    public long[] Version { get; set; } = [];

    [Parameter]
    public SwitchParameter AllVersion { get; set; }

    [Parameter]
    [Alias("Arch")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string[] Architecture { get; set; } = [];

    [Parameter]
    public EnvironmentVisibility[] Visibility { get; set; } = [];

    [Parameter]
    public SwitchParameter UseApi { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        string[] names = Name;
        IReadOnlyList<string> sites = await OarAccess.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false);
        await OarAccess.AtEachSiteAsync(this, sites, (site, token) => WriteSiteAsync(site, names, token), cancellationToken).ConfigureAwait(false);
    }

    protected override Task EndAsync(CancellationToken cancellationToken)
    {
        // Once, after all sites: each addition writes the whole file.
        Names.Add([.. _seen]);
        return Task.CompletedTask;
    }

    async Task WriteSiteAsync(string site, string[] names, CancellationToken cancellationToken)
    {
        IEnvironmentCatalog catalog = EnvironmentAccess.OpenCatalog(this, site, UseApi);
        // A name with an owner, a version or an architecture means one environment; the others are looked for in the list.
        EnvironmentSpecification?[] specifications = [.. names.Select(EnvironmentSpecification.TryParse)];
        foreach (EnvironmentSpecification exact in specifications.OfType<EnvironmentSpecification>().Where(s => s.ToString() != s.Name))
        {
            if (await catalog.FindAsync(exact, cancellationToken).ConfigureAwait(false) is { } found) Take(found);
            else WriteFailure(EnvironmentAccess.NotFound(this, site, exact.ToString()));
        }
        string[] patterns = [.. names.Where((_, i) => specifications[i] is not { } s || s.ToString() == s.Name)];
        if (names.Length > 0 && patterns.Length == 0) return;
        var wanted = new NameFilter(patterns);
        foreach (string? owner in User.Length == 0 ? [null] : User.Select(u => (string?)u))
        {
            await foreach (EnvironmentInfo environment in catalog.ListAsync(owner, AllVersion || Version.Length > 0, name => wanted.Matches(name),
                cancellationToken).ConfigureAwait(false))
                Take(environment);
        }
        foreach (string name in wanted.Unmatched)
        {
            // It may be an alias, which the list does not show.
            var specification = new EnvironmentSpecification(name) { User = User.Length == 1 ? User[0] : null };
            if (await catalog.FindAsync(specification, cancellationToken).ConfigureAwait(false) is { } found) Take(found);
            else WriteFailure(EnvironmentAccess.NotFound(this, site, name));
        }
    }

    void Take(EnvironmentInfo environment)
    {
        _seen.Add(environment);
        if (Fits(environment)) Write(environment);
    }

    bool Fits(EnvironmentInfo environment) =>
        (Version.Length == 0 || Version.Contains(environment.Version))
        && (Architecture.Length == 0 || new NameFilter(Architecture).Matches(environment.Architecture ?? "x86_64"))
        && (Visibility.Length == 0 || Visibility.Contains(environment.Visibility));
}
