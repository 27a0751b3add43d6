using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Lab;

namespace WaltG5k.Commands;

/// <summary>Stop-WaltLab: ends a lab, or what one has left behind. Without a lab there is nothing to do.</summary>
[Cmdlet(VerbsLifecycle.Stop, "WaltLab", SupportsShouldProcess = true)]
[OutputType(typeof(LabInfo))]
public sealed class StopWaltLabCommand : LabCmdlet
{
    /// <summary>Write what was stopped.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    G5kSession? _session;

    protected override void Prepare() => _session = CurrentSession.Value;

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        LabFolder folder = Folder;
        if ((RunningLabs.Find(folder)?.GetInformation() ?? WaltLab.Find(folder)) is not { } lab)
        {
            ((IReporter)this).Verbose($"No lab runs in {folder}.");
            return;
        }
        if (!await ConfirmAsync(folder.Root, $"Stop the lab of {lab.Nodes.Count} {(lab.Nodes.Count == 1 ? "node" : "nodes")}").ConfigureAwait(false))
            return;
        if (RunningLabs.Take(folder) is { } own)
        {
            await DisconnectAsync().ConfigureAwait(false);
            await own.DisposeAsync().ConfigureAwait(false);
        }
        else await WaltLab.StopAsync(folder, cancellationToken).ConfigureAwait(false);
        if (PassThru) Write(lab);
    }

    /// <summary>The session works on no server that is gone.</summary>
    async Task DisconnectAsync()
    {
        if (_session is not { WaltConnection.ComputerName: WaltLab.ServerName } session) return;
        session.WaltConnection = null;
        await session.WaltResources.CloseAsync(WaltLab.ServerName).ConfigureAwait(false);
        if (session.Grid is StandaloneGrid) await session.CloseAsync().ConfigureAwait(false);
    }
}
