using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>
/// A cmdlet that does something with jobs: asks for each one, then works on them in parallel, with an error record for each that fails.
/// </summary>
public abstract class OarJobCmdlet : G5kCmdlet
{
    readonly List<(OarJobRef Job, string? Site)> _jobs = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("JobId")]
    [OarJobConversion(AllowsNumbers = true)]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef[] Id { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    /// <summary>What -WhatIf and -Confirm name; null: nothing is changed.</summary>
    internal virtual string? Action => null;

    internal abstract Task ActAsync(OarJobRef job, CancellationToken cancellationToken);

    internal OarClient Oar(OarJobRef job) => OarAccess.Oar(this, job.Site);

    protected sealed override void ProcessRecord() => _jobs.AddRange(Id.Select(id => (id, Site)));

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        var accepted = new List<OarJobRef>();
        foreach (IGrouping<string?, (OarJobRef Job, string? Site)> group in _jobs.GroupBy(j => j.Site))
        {
            OarJobRef[] jobs = [.. group.Select(j => j.Job)];
            foreach (OarJobRef job in await OarAccess.LocateAsync(this, jobs, group.Key, cancellationToken).ConfigureAwait(false))
            {
                if (accepted.Contains(job)) continue;
                if (Action is null || await ConfirmAsync($"job {job}", Action).ConfigureAwait(false)) accepted.Add(job);
            }
        }
        await OarAccess.ForEachAsync(this, accepted, ActAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the job as it is now.</summary>
    internal async Task WriteJobAsync(OarJobRef job, CancellationToken cancellationToken) =>
        Show(await OarAccess.GetAsync(this, job, cancellationToken).ConfigureAwait(false));

    /// <summary>Writes the job when OAR shows what it was asked for.</summary>
    internal async Task WriteChangedAsync(OarJobRef job, Func<OarJob, bool> isChanged, CancellationToken cancellationToken) =>
        Show(await Oar(job).GetChangedJobAsync(job.Id, isChanged, cancellationToken).ConfigureAwait(false));

    void Show(OarJob job)
    {
        OarAccess.Remember(Session, job);
        Write(job);
    }
}
