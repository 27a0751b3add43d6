using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Commands;

/// <summary>Find-G5kOrphan: jobs of ours that nobody needs any more.</summary>
[Cmdlet(VerbsCommon.Find, "G5kOrphan")]
[OutputType(typeof(Orphan))]
public sealed class FindG5kOrphanCommand : G5kCmdlet
{
    readonly List<string> _patterns = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        _patterns.AddRange(Site);
        return Task.CompletedTask;
    }

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        List<string> sites = [];
        await foreach (SiteInfo site in ReferenceLookup.GetSitesAsync(this, _patterns, cancellationToken).ConfigureAwait(false)) sites.Add(site.Name);
        var finder = new OrphanFinder(Grid, [.. Deployments.GetJobOwners(), .. VMDeploymentLookup.Open(this).GetJobOwners()]);
        await foreach (Orphan orphan in finder.FindAsync(sites, WriteFailure, cancellationToken).ConfigureAwait(false))
        {
            if (orphan.JobId is not null) Session.JobNames[orphan.ToString()] = $"{orphan.State} {orphan.Name}";
            Write(orphan);
        }
    }
}
