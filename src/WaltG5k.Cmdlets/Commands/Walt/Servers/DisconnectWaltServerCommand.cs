using System.Management.Automation;
using WaltG5k.Base;

namespace WaltG5k.Commands;

/// <summary>Disconnect-WaltServer: the WalT cmdlets work on the server of the deployment again. Nothing changes on the server.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "WaltServer")]
[OutputType(typeof(void))]
public sealed class DisconnectWaltServerCommand : AsyncCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public WaltConnection? Server { get; set; }

    [Parameter]
    public G5kSession? Connection { get; set; }

    G5kSession? _session;

    protected override void Prepare() => _session = Connection ?? CurrentSession.Value;

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (_session is not { WaltConnection: { } current } session || (Server is not null && Server != current)) return;
        session.WaltConnection = null;
        await session.WaltResources.CloseAsync(current.ComputerName).ConfigureAwait(false);
        if (session.Grid is StandaloneGrid) await session.CloseAsync().ConfigureAwait(false);
    }
}
