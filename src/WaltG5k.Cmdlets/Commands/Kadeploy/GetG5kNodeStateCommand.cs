using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Get-G5kNodeState: what Kadeploy last did with nodes, and what it does now.</summary>
[Cmdlet(VerbsCommon.Get, "G5kNodeState")]
[OutputType(typeof(G5kNodeState))]
public sealed class GetG5kNodeStateCommand : G5kNodeQueryCmdlet
{
    [Parameter]
    public NodeKadeployState[] State { get; set; } = [];

    internal override async Task AskAsync(NodeControl control, IReadOnlyList<string> nodes, CancellationToken cancellationToken)
    {
        foreach (G5kNodeState state in await control.GetStatesAsync(nodes, cancellationToken).ConfigureAwait(false))
            if (State.Length == 0 || State.Contains(state.State)) Write(state);
    }
}
