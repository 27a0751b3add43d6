using System.Management.Automation.Host;
using WaltG5k.Automation;

namespace System.Management.Automation;

/// <summary>A cmdlet that reads the session: how it was called, where it runs, who asks.</summary>
public abstract class PSCmdlet : Cmdlet
{
    public InvocationInfo MyInvocation => Session.Invocation;
    public string ParameterSetName => Session.ParameterSetName;
    public SessionState SessionState => Session.State;
    public PSHost Host => Session.Host;
    public JobRepository JobRepository => Session.Jobs;

    public object? GetVariableValue(string name) => SessionState.PSVariable.GetValue(name);
    public object? GetVariableValue(string name, object? defaultValue) => SessionState.PSVariable.GetValue(name, defaultValue);
    public PathInfo CurrentProviderLocation(string providerId) => SessionState.Path.CurrentProviderLocation(providerId);
    public string GetUnresolvedProviderPathFromPSPath(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    CmdletContext Session => Context ?? throw new PSInvalidOperationException("The cmdlet runs outside a pipeline: it has no session.");
}
