using System.Management.Automation;

namespace WaltG5k.Host.Engine;

/// <summary>A command has all it wants: those before it end, those after it complete.</summary>
sealed class StopUpstreamException(Cmdlet requester) : FlowControlException
{
    public Cmdlet Requester { get; } = requester;
}
