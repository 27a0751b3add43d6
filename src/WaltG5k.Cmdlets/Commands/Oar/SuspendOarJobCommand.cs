using System.Management.Automation;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Suspend-OarJob: keeps waiting jobs from starting, and stops the processes of running ones where the site allows it.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "OarJob", SupportsShouldProcess = true)]
[OutputType(typeof(OarJob))]
public sealed class SuspendOarJobCommand : OarJobCmdlet
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override string Action => "Hold, or suspend while running";

    internal override async Task ActAsync(OarJobRef job, CancellationToken cancellationToken)
    {
        OarJob now = await OarAccess.GetAsync(this, job, cancellationToken).ConfigureAwait(false);
        if (now.Owner != Grid.User) throw Failures.NotJobOwner(now);   // a site that lets nobody suspend says so first, and misleads
        if (now.State is OarJobState.Running or OarJobState.Launching or OarJobState.ToLaunch or OarJobState.Resuming)
            await Oar(job).SuspendAsync(job.Id, cancellationToken).ConfigureAwait(false);
        else if (now.State is OarJobState.Waiting or OarJobState.ToAckReservation)
            await Oar(job).HoldAsync(job.Id, cancellationToken).ConfigureAwait(false);
        else if (now.State is not (OarJobState.Hold or OarJobState.Suspended))   // those are where they should be
            throw Failures.JobNotInState(now, "suspended");
        if (PassThru) await WriteChangedAsync(job, j => j.State is OarJobState.Hold or OarJobState.Suspended || j.IsEnded, cancellationToken)
            .ConfigureAwait(false);
    }
}
