namespace System.Management.Automation.Runspaces;

/// <summary>The identity of a session: what state that is not shared between sessions is keyed by.</summary>
public abstract class Runspace : IDisposable
{
    [ThreadStatic] static Runspace? s_current;

    internal Runspace() { }

    /// <summary>The session whose pipeline runs on this thread.</summary>
    public static Runspace? DefaultRunspace { get => s_current; set => s_current = value; }
    public static bool CanUseDefaultRunspace => s_current is not null;
    public Guid InstanceId { get; } = Guid.NewGuid();
    public string Name { get; set; } = "";

    public virtual void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }
}

/// <summary>The runspace of the bundled host.</summary>
sealed class HostRunspace : Runspace;
