using System.Management.Automation;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Update-OarJob: asks for more or less walltime, and says what became of the wish.</summary>
[Cmdlet(VerbsData.Update, "OarJob", SupportsShouldProcess = true)]
[OutputType(typeof(OarWalltimeStatus))]
public sealed class UpdateOarJobCommand : OarJobCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Walltime")]
    [WalltimeChangeConversion]
    public WalltimeChange WalltimeChange { get; set; } = null!;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter DelayNextJob { get; set; }

    [Parameter]
    [Alias("Wait")]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(90);

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    internal override string Action =>
        $"Change the walltime: {WalltimeChange}{(Force ? ", by force" : "")}{(DelayNextJob ? ", delaying other jobs" : "")}";

    internal override async Task ActAsync(OarJobRef job, CancellationToken cancellationToken)
    {
        var wish = new OarWalltimeWish { Change = WalltimeChange.Text, Force = Force, DelayNextJobs = DelayNextJob };
        Write(await Oar(job).ChangeWalltimeAsync(job.Id, wish, NoWait ? TimeSpan.Zero : Timeout, cancellationToken).ConfigureAwait(false));
    }
}
