using System.Management.Automation;
using WaltG5k.Completers;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Stop-OarJob: deletes jobs, or sends them a signal.</summary>
[Cmdlet(VerbsLifecycle.Stop, "OarJob", SupportsShouldProcess = true, DefaultParameterSetName = DeleteSet)]
[OutputType(typeof(OarJob))]
public sealed class StopOarJobCommand : OarJobCmdlet
{
    const string DeleteSet = "Delete", SignalSet = "Signal", CheckpointSet = "Checkpoint";

    [Parameter(Mandatory = true, ParameterSetName = SignalSet)]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? Signal { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = CheckpointSet)]
    public SwitchParameter Checkpoint { get; set; }

    [Parameter(ParameterSetName = DeleteSet)]
    public SwitchParameter NoWait { get; set; }

    [Parameter(ParameterSetName = DeleteSet)]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(7);

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override string Action => ParameterSetName switch
    {
        SignalSet => $"Send {OarSignals.GetName(Signal!)}",
        CheckpointSet => "Send the checkpoint signal",
        _ => "Delete",
    };

    internal override async Task ActAsync(OarJobRef job, CancellationToken cancellationToken)
    {
        if (ParameterSetName == DeleteSet) await DeleteAsync(job, cancellationToken).ConfigureAwait(false);
        else await Oar(job).SignalAsync(job.Id, Signal is null ? null : OarSignals.GetName(Signal), cancellationToken).ConfigureAwait(false);
        if (PassThru) await WriteJobAsync(job, cancellationToken).ConfigureAwait(false);
    }

    async Task DeleteAsync(OarJobRef job, CancellationToken cancellationToken)
    {
        if (!await Oar(job).DeleteAsync(job.Id, cancellationToken).ConfigureAwait(false))
        {
            // OAR has one answer for both.
            OarJob foreign = await OarAccess.GetAsync(this, job, cancellationToken).ConfigureAwait(false);
            throw Failures.NotJobOwner(foreign);
        }
        if (NoWait) return;
        OarJob ended = await Oar(job).WaitAsync(job.Id, OarJobGoal.Ended, Timeout, null, cancellationToken).ConfigureAwait(false);
        OarAccess.Remember(Session, ended);
    }
}
