using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Commands;

/// <summary>Get-G5kSite: the sites of the grid.</summary>
[Cmdlet(VerbsCommon.Get, "G5kSite")]
[OutputType(typeof(SiteInfo))]
public sealed class GetG5kSiteCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Name { get; set; } = ["*"];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var wanted = new NameFilter(Name);
        List<SiteInfo> sites = [];
        await foreach (SiteInfo site in Api.GetSitesAsync(cancellationToken).ConfigureAwait(false))
        {
            sites.Add(site);
            if (wanted.Matches(site.Name)) Write(site);
        }
        foreach (string name in wanted.Unmatched)
            WriteFailure(Failures.NameNotFound("Site", name, Failures.Suggest("Get-G5kSite", name, sites.Select(s => s.Name))));
        Names.Add(sites);
    }
}
