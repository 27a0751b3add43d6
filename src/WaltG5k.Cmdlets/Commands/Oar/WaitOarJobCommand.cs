using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Wait-OarJob: until jobs have ended, or run.</summary>
[Cmdlet(VerbsLifecycle.Wait, "OarJob")]
[OutputType(typeof(OarJob))]
public sealed class WaitOarJobCommand : WaitingCmdlet
{
    readonly List<(OarJobRef Job, string? Site)> _given = [];
    readonly List<OarJobRef> _jobs = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("JobId")]
    [OarJobConversion(AllowsNumbers = true)]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef[] Id { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    [Parameter]
    public OarJobGoal For { get; set; } = OarJobGoal.Ended;

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromDays(1);

    internal override string JobSubject => string.Join(", ", _jobs);

    protected override void ProcessRecord() => _given.AddRange(Id.Select(id => (id, Site)));

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        foreach (IGrouping<string?, (OarJobRef Job, string? Site)> group in _given.GroupBy(j => j.Site))
            _jobs.AddRange((await OarAccess.LocateAsync(this, [.. group.Select(j => j.Job)], group.Key, cancellationToken).ConfigureAwait(false))
                .Except(_jobs));
        return _jobs.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        var grid = new ReportedGrid(Session.Grid, output);
        var progress = new OarWaitProgress(output, For, _jobs.Count, grid.Time);
        try { await Task.WhenAll(_jobs.Select(WaitAsync)).ConfigureAwait(false); }
        finally { progress.Complete(); }

        async Task WaitAsync(OarJobRef job)
        {
            try
            {
                OarJob done = await OarClient.For(grid, job.Site).WaitAsync(job.Id, For, Timeout, Show, cancellationToken).ConfigureAwait(false);
                Show(done);
                if (HasFailed(done)) output.WriteError(Errors.From(Failures.JobFailed(done)));
                else output.Write(done);
            }
            catch (G5kException e) { output.WriteError(Errors.From(e)); }
            finally { progress.Done(job); }
        }

        void Show(OarJob job)
        {
            OarAccess.Remember(Session, job);
            progress.Show(job);
        }
    }

    /// <summary>A deletion, the end of the walltime and a besteffort kill are ends as they are meant to be.</summary>
    static bool HasFailed(OarJob job) => job.End is OarJobEnd.Failed or OarJobEnd.Refused or OarJobEnd.Expired or OarJobEnd.Exterminated;
}
