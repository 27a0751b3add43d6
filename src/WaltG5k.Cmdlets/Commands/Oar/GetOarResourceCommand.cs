using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-OarResource: the rows of OAR's table: cores of nodes, VLANs, subnets, disks.</summary>
[Cmdlet(VerbsCommon.Get, "OarResource")]
[OutputType(typeof(OarResource))]
public sealed class GetOarResourceCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public string[] Node { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(ResourceTypeCompleter))]
    public string[] Type { get; set; } = [];

    [Parameter]
    public string? Property { get; set; }

    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long[] Id { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        string[] names = [.. Node.SelectMany(NodeNames.Expand)];
        var wanted = new NameFilter(names);
        IReadOnlyList<string> sites = await OarAccess.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false);
        if (Site.Length == 0) sites = Narrow(sites, names);
        await OarAccess.AtEachSiteAsync(this, sites, (site, token) => WriteOfSiteAsync(site, names, wanted, token), cancellationToken)
            .ConfigureAwait(false);
        foreach (string name in wanted.Unmatched)
            WriteFailure(Failures.NameNotFound("Node", name, $"Get-G5kNode {name.Split('-')[0]}-*"));
    }

    async Task WriteOfSiteAsync(string site, string[] names, NameFilter wanted, CancellationToken cancellationToken)
    {
        // OAR finds plain names itself; for a pattern it is asked for all nodes.
        bool arePlain = names.Length > 0 && !names.Any(WildcardPattern.ContainsWildcardCharacters);
        string[] hosts = arePlain ? [.. names.Where(n => SiteOf(n) is null || SiteOf(n) == site).Select(WithoutBareSite)] : [];
        if (arePlain && hosts.Length == 0) return;
        var query = new OarResourceQuery { Hosts = hosts, Types = Type, Property = Property, ResourceIds = Id };
        try
        {
            await foreach (OarResource resource in OarAccess.Oar(this, site).GetResourcesAsync(query, cancellationToken).ConfigureAwait(false))
            {
                if (names.Length == 0 || (resource.Host is { } host && Matches(wanted, host, site))) Write(resource);
            }
        }
        catch (G5kException e) when (e.Code == "HostNotFound") { /* another site may know it; what none knows is told at the end */ }
    }

    /// <summary>Names with a site in them are looked for at that site only.</summary>
    static IReadOnlyList<string> Narrow(IReadOnlyList<string> sites, string[] names)
    {
        string?[] named = [.. names.Select(SiteOf)];
        return named.Length == 0 || named.Contains(null) ? sites : [.. sites.Where(s => named.Contains(s))];
    }

    /// <summary>The site in <c>gros-1.nancy</c> or <c>gros-1.nancy.grid5000.fr</c>.</summary>
    static string? SiteOf(string name) => name.Split('.') is { Length: > 1 } parts ? parts[1] : null;

    /// <summary>OAR knows hosts by their full names and finds short ones; <c>gros-1.nancy</c> is neither.</summary>
    static string WithoutBareSite(string name) => name.Split('.') is { Length: 2 } parts ? parts[0] : name;

    static bool Matches(NameFilter wanted, string host, string site)
    {
        string shortName = host.Split('.')[0];
        lock (wanted) return wanted.Matches(host, shortName, $"{shortName}.{site}");
    }
}
