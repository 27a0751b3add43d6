using System.Management.Automation;
using System.Management.Automation.Host;

namespace WaltG5k.Automation;

/// <summary>What a host gives a command before it runs it.</summary>
public sealed class CmdletContext(InvocationInfo invocation, SessionState state, PSHost host, JobRepository jobs)
{
    public InvocationInfo Invocation { get; } = invocation;
    public SessionState State { get; } = state;
    public PSHost Host { get; } = host;
    public JobRepository Jobs { get; } = jobs;

    /// <summary>The parameter set as far as it is known; may change from one pipeline object to the next.</summary>
    public string ParameterSetName { get; set; } = ParameterAttribute.AllParameterSets;

    public EngineIntrinsics Intrinsics => field ??= new EngineIntrinsics(this);
}
