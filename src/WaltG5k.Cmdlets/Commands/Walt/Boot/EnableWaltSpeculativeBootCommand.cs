using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Enable-WaltSpeculativeBoot: sets a WalT server up to serve roots that are sent ahead, and prepares images for them.</summary>
[Cmdlet(VerbsLifecycle.Enable, "WaltSpeculativeBoot", SupportsShouldProcess = true)]
[OutputType(typeof(WaltSpeculativeImage))]
public sealed class EnableWaltSpeculativeBootCommand : SpeculativeBootCmdlet
{
    [Parameter]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = WaltServer.SpeculationPort;

    /// <summary>The folder of the programs that are put on the server.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProgramPath { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (ProgramPath is not null) ProgramPath = await OnPipelineAsync(() => SessionState.Path.GetUnresolvedProviderPathFromPSPath(ProgramPath))
            .ConfigureAwait(false);
        await SettleImagesAsync("Serve its root file system speculatively", cancellationToken).ConfigureAwait(false);
        return Images.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            await walt.Server.InstallSpeculationAsync(Port, ProgramPath, cancellationToken).ConfigureAwait(false);
            await ForEachAsync(output, "Making root file systems", async (server, image) =>
            {
                WaltSpeculativeImage root = await server.EnableSpeculationAsync(image, cancellationToken).ConfigureAwait(false);
                if (PassThru) output.Write(root);
            }, walt.Server).ConfigureAwait(false);
        }
    }
}
