using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kavlan;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-G5kVlan: the VLANs of sites or of jobs, with the nodes in them and the users who may use them.</summary>
[Cmdlet(VerbsCommon.Get, "G5kVlan", DefaultParameterSetName = SiteSet)]
[OutputType(typeof(G5kVlan))]
public sealed class GetG5kVlanCommand : G5kCmdlet
{
    const string SiteSet = "Site", JobSet = "Job";

    [Parameter(Position = 0, ParameterSetName = SiteSet)]
    [Alias("Vlan")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VlanCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(ParameterSetName = SiteSet)]
    [SupportsWildcards]
    [NameListConversion]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = JobSet, ValueFromPipeline = true)]
    [OarJobConversion]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef[] Job { get; set; } = [];

    [Parameter(ParameterSetName = SiteSet)]
    public VlanKind[] Kind { get; set; } = [];

    [Parameter(ParameterSetName = SiteSet)]
    public SwitchParameter Free { get; set; }

    protected override Task ProcessAsync(CancellationToken cancellationToken) => ParameterSetName == JobSet
        ? OarAccess.ForEachAsync(this, Job, WriteJobAsync, cancellationToken)
        : WriteSitesAsync(cancellationToken);

    async Task WriteSitesAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> sites = await OarAccess.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false);
        await OarAccess.AtEachSiteAsync(this, sites, WriteSiteAsync, cancellationToken).ConfigureAwait(false);
    }

    async Task WriteSiteAsync(string site, CancellationToken cancellationToken)
    {
        var kavlan = new KavlanService(Grid, site);
        var wanted = new NameFilter(Id);
        foreach (G5kVlan vlan in await kavlan.GetVlansAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!wanted.Matches(vlan.Id) || Kind.Length > 0 && !Kind.Contains(vlan.Kind) || Free && (!vlan.IsFree || vlan.Kind == VlanKind.None))
                continue;
            // Who is in it costs two questions: only of those that were asked for by name or that somebody uses.
            bool isDetailed = Id.Length > 0 || vlan.Jobs.Count > 0;
            Write(VlanAccess.Complete(Session, isDetailed ? await kavlan.AddDetailsAsync(vlan, cancellationToken).ConfigureAwait(false) : vlan));
        }
        foreach (string id in wanted.Unmatched) WriteFailure(Failures.VlanNotFound(site, id));
    }

    async Task WriteJobAsync(OarJobRef job, CancellationToken cancellationToken)
    {
        var kavlan = new KavlanService(Grid, job.Site);
        IReadOnlyList<string> ids = await kavlan.GetJobVlansAsync(job.Id, cancellationToken).ConfigureAwait(false);
        if (ids.Count == 0) throw Failures.JobHasNoVlan(job);
        foreach (G5kVlan vlan in (await kavlan.GetVlansAsync(cancellationToken).ConfigureAwait(false)).Where(v => ids.Contains(v.Id)))
            Write(VlanAccess.Complete(Session, await kavlan.AddDetailsAsync(vlan, cancellationToken).ConfigureAwait(false)));
    }
}
