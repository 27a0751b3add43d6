using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace WaltG5k.Base;

/// <summary>The session of each runspace. Read and written on the pipeline thread, where the runspace is known.</summary>
internal static class CurrentSession
{
    static readonly ConditionalWeakTable<Runspace, StrongBox<G5kSession?>> s_sessions = new();

    /// <summary>The session of this thread's runspace, or null.</summary>
    public static G5kSession? Value
    {
        get => Runspace.DefaultRunspace is { } runspace && s_sessions.TryGetValue(runspace, out StrongBox<G5kSession?>? box)
            && box.Value is { IsConnected: true } session ? session : null;
        set
        {
            if (Runspace.DefaultRunspace is { } runspace) s_sessions.GetOrCreateValue(runspace).Value = value;
        }
    }
}
