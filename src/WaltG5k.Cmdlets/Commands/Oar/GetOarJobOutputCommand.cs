using System.Management.Automation;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-OarJobOutput: what the commands of jobs printed, line by line, also while they run.</summary>
[Cmdlet(VerbsCommon.Get, "OarJobOutput")]
[OutputType(typeof(OarOutputLine))]
public sealed class GetOarJobOutputCommand : OarJobCmdlet
{
    [Parameter]
    public SwitchParameter Error { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; } = -1;

    [Parameter]
    public SwitchParameter Follow { get; set; }

    internal override async Task ActAsync(OarJobRef job, CancellationToken cancellationToken)
    {
        OarOutputStream stream = Error ? OarOutputStream.Error : OarOutputStream.Output;
        int? tail = Tail < 0 ? null : Tail;
        await foreach (string line in Oar(job).ReadOutputAsync(job.Id, stream, Follow, tail, cancellationToken).ConfigureAwait(false))
            Write(new OarOutputLine(job.Site, job.Id, stream, line));
    }
}
