using System.Management.Automation;
using WaltG5k.Base;

namespace WaltG5k.Commands;

/// <summary>Disconnect-G5k: closes a connection. What was reserved stays reserved.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "G5k")]
[OutputType(typeof(void))]
public sealed class DisconnectG5kCommand : AsyncCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public G5kSession? Connection { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    G5kSession? _current;

    protected override void Prepare() => _current = CurrentSession.Value;

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if ((Connection ?? _current) is not { } session) return;
        if (!Force && session.ActiveRuns is { Count: > 0 } runs)
        {
            Post(() => WriteError(Errors.From(Failures.DeploymentsRunning([.. runs.Select(r => r.Id)]))));
            return;
        }
        await session.CloseAsync().ConfigureAwait(false);
    }
}
