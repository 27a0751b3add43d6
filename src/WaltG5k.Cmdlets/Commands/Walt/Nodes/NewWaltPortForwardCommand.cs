using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>New-WaltPortForward: opens a port of nodes on this machine, until it is removed or the session ends.</summary>
[Cmdlet(VerbsCommon.New, "WaltPortForward", SupportsShouldProcess = true)]
[OutputType(typeof(WaltPortForward))]
public sealed class NewWaltPortForwardCommand : WaltNodeCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    [Parameter(Position = 2)]
    [ValidateRange(0, 65535)]
    public int LocalPort { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override string? Action => LocalPort > 0
        ? FormattableString.Invariant($"Open its port {Port} as port {LocalPort} of this machine")
        : FormattableString.Invariant($"Open its port {Port} on this machine");
    internal override bool? IsForced => Force.IsPresent;

    internal override async Task ActAsync(WaltAccess walt, WaltNodeInfo node, CancellationToken cancellationToken)
    {
        WaltServer server = OpenLastingServer();
        try
        {
            WaltPortForward forward = await WaltPortForward.OpenAsync(server, node, Port, LocalPort, cancellationToken).ConfigureAwait(false);
            Session.WaltResources.Add(forward);
            Write(forward);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
