using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-OarJob: jobs by number, or those of users, states, names and sites.</summary>
[Cmdlet(VerbsCommon.Get, "OarJob", DefaultParameterSetName = ListSet)]
[OutputType(typeof(OarJob))]
public sealed class GetOarJobCommand : G5kCmdlet
{
    const string ListSet = "List", IdSet = "Id";
    readonly List<OarJobRef> _jobs = [];
    bool _isAsked;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [Alias("JobId")]
    [OarJobConversion(AllowsNumbers = true)]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef[] Id { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter(ParameterSetName = ListSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string[] User { get; set; } = [];

    [Parameter(ParameterSetName = ListSet)]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = ListSet)]
    public OarJobState[] State { get; set; } = [];

    [Parameter(ParameterSetName = ListSet)]
    [DateConversion]
    public DateTimeOffset? Since { get; set; }

    [Parameter]
    public SwitchParameter IncludeVlan { get; set; }

    protected override void ProcessRecord()
    {
        // An empty pipeline asks for nothing, not for everything.
        _isAsked = true;
        _jobs.AddRange(Id);
    }

    protected override Task EndAsync(CancellationToken cancellationToken) =>
        !_isAsked ? Task.CompletedTask : ParameterSetName == IdSet ? WriteKnownAsync(cancellationToken) : WriteListAsync(cancellationToken);

    async Task WriteKnownAsync(CancellationToken cancellationToken)
    {
        string? site = Site.Length == 1 ? Site[0] : null;
        IReadOnlyList<OarJobRef> jobs = await OarAccess.LocateAsync(this, _jobs, site, cancellationToken).ConfigureAwait(false);
        await OarAccess.ForEachAsync(this, jobs.Distinct().GroupBy(j => j.Site), WriteOfSiteAsync, cancellationToken).ConfigureAwait(false);
    }

    async Task WriteOfSiteAsync(IGrouping<string, OarJobRef> jobs, CancellationToken cancellationToken)
    {
        var missing = jobs.ToDictionary(j => j.Id);
        var query = new OarJobQuery { JobIds = [.. missing.Keys], WithVlans = IncludeVlan };
        await foreach (OarJob job in OarAccess.Oar(this, jobs.Key).GetJobsAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (missing.Remove(job.Id)) Show(job);
        }
        foreach (OarJobRef job in missing.Values) WriteFailure(OarAccess.NotFound(Session, job));
    }

    async Task WriteListAsync(CancellationToken cancellationToken)
    {
        var names = new NameFilter(Name);
        IReadOnlyList<string> sites = await OarAccess.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false);
        await OarAccess.AtEachSiteAsync(this, sites, (site, token) => WriteListAsync(site, names, token), cancellationToken).ConfigureAwait(false);
        foreach (string name in names.Unmatched) WriteFailure(Failures.JobNameNotFound(name));
    }

    async Task WriteListAsync(string site, NameFilter names, CancellationToken cancellationToken)
    {
        OarClient oar = OarAccess.Oar(this, site);
        var users = new NameFilter(User);
        foreach (string? user in Users)
        {
            var query = new OarJobQuery { User = user, States = State, Since = Since, WithVlans = IncludeVlan };
            await foreach (OarJob job in oar.GetJobsAsync(query, cancellationToken).ConfigureAwait(false))
            {
                if (user == "*" && !users.Matches(job.Owner)) continue;
                if (Matches(names, job)) Show(job);
            }
        }
    }

    /// <summary>As the core takes them: null is oneself, and a pattern is looked for among everybody.</summary>
    IEnumerable<string?> Users => User.Length == 0 ? [null]
        : User.Any(WildcardPattern.ContainsWildcardCharacters) ? ["*"]
        : User.Select(u => u.Equals("me", StringComparison.OrdinalIgnoreCase) ? null : u).Distinct();

    /// <summary>The filter remembers what it matched, and sites are read in parallel.</summary>
    static bool Matches(NameFilter names, OarJob job)
    {
        lock (names) return names.Matches(job.Name ?? "");
    }

    void Show(OarJob job)
    {
        OarAccess.Remember(Session, job);
        Write(job);
    }
}
