using System.Management.Automation;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Resume-OarJob: lets held jobs start and suspended ones go on.</summary>
[Cmdlet(VerbsLifecycle.Resume, "OarJob", SupportsShouldProcess = true)]
[OutputType(typeof(OarJob))]
public sealed class ResumeOarJobCommand : OarJobCmdlet
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override string Action => "Resume";

    internal override async Task ActAsync(OarJobRef job, CancellationToken cancellationToken)
    {
        await Oar(job).ResumeAsync(job.Id, cancellationToken).ConfigureAwait(false);
        if (PassThru) await WriteChangedAsync(job, j => j.State is not (OarJobState.Hold or OarJobState.Suspended), cancellationToken)
            .ConfigureAwait(false);
    }
}
