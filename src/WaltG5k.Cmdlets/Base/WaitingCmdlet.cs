using System.Management.Automation;

namespace WaltG5k.Base;

/// <summary>A cmdlet that works or waits for minutes on all its input at once, in the foreground or, with -AsJob, as a job.</summary>
public abstract class WaitingCmdlet : G5kCmdlet
{
    /// <summary>Return a job at once and do the work behind the prompt.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>What the job is about, for its name.</summary>
    internal abstract string JobSubject { get; }

    /// <summary>Asks for confirmation and settles what to do, on behalf of the person at the prompt. False: nothing is left to do.</summary>
    internal virtual Task<bool> SettleAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    internal abstract Task WorkAsync(IOutput output, CancellationToken cancellationToken);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!await SettleAsync(cancellationToken).ConfigureAwait(false)) return;
        if (AsJob) await OnPipelineAsync(StartJob).ConfigureAwait(false);
        else await WorkAsync(this, cancellationToken).ConfigureAwait(false);
    }

    bool StartJob()
    {
        var job = new AsyncJob(MyInvocation.Line, $"{MyInvocation.MyCommand.Name} {JobSubject}".TrimEnd(), Session.Name);
        JobRepository.Add(job);
        job.Start(WorkAsync);
        WriteObject(job);
        return true;
    }
}
