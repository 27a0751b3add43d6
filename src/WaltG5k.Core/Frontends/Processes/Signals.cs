using System.Runtime.InteropServices;

namespace WaltG5k.Core.Frontends.Processes;

/// <summary>Signals to a process group, which .NET cannot send.</summary>
static class Signals
{
    public const int Interrupt = 2, Kill = 9, Terminate = 15;

    /// <summary>To the group that the process leads; to the process alone where it leads none (no setsid, or not yet).</summary>
    public static void Send(int processId, int signal)
    {
        if (OperatingSystem.IsWindows()) return;
        if (SendSignal(-processId, signal) != 0) _ = SendSignal(processId, signal);
    }

    /// <summary>Whether the group has a member left.</summary>
    public static bool GroupExists(int processId) => !OperatingSystem.IsWindows() && SendSignal(-processId, 0) == 0;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SendSignal(int processId, int signal);
}
