using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using WaltG5k.Automation;

namespace WaltG5k.Host.Engine;

/// <summary>What the statements of one session share.</summary>
sealed class SessionContext(PSHost host) : IDisposable
{
    public PSHost Host { get; } = host;
    public SessionState State { get; } = new();
    public JobRepository Jobs { get; } = EngineObjects.NewJobRepository();
    public Runspace Runspace { get; } = EngineObjects.NewRunspace();

    public void Dispose()
    {
        foreach (Job job in Jobs.GetItems()) job.Dispose();
        Runspace.Dispose();
    }
}
