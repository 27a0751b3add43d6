using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Lab;

namespace WaltG5k.Commands;

/// <summary>Get-WaltLab: the lab on this machine, its nodes, and what is wrong with it.</summary>
[Cmdlet(VerbsCommon.Get, "WaltLab")]
[OutputType(typeof(LabInfo))]
public sealed class GetWaltLabCommand : LabCmdlet
{
    protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        LabFolder folder = Folder;
        if ((RunningLabs.Find(folder)?.GetInformation() ?? WaltLab.Find(folder)) is { } lab) Write(lab);
        return Task.CompletedTask;
    }
}
