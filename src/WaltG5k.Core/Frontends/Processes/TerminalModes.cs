using System.Runtime.InteropServices;

namespace WaltG5k.Core.Frontends.Processes;

/// <summary>The modes of the terminal on standard input, put back when a program that changed them has ended, however it did.</summary>
sealed class TerminalModes : IDisposable
{
    /// <summary>More than any system's <c>struct termios</c>, which is only carried here.</summary>
    const int Size = 256;
    const int StandardInput = 0, Drained = 1;

    readonly byte[]? _modes;

    TerminalModes(byte[]? modes) => _modes = modes;

    /// <summary>Whether a user can type to this process.</summary>
    public static bool IsTerminal => !OperatingSystem.IsWindows() && IsATerminal(StandardInput) == 1;

    public static TerminalModes Save()
    {
        byte[] modes = new byte[Size];
        return new TerminalModes(!OperatingSystem.IsWindows() && Get(StandardInput, modes) == 0 ? modes : null);
    }

    public void Dispose()
    {
        if (_modes is not null) _ = Set(StandardInput, Drained, _modes);
    }

    [DllImport("libc", EntryPoint = "isatty")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int IsATerminal(int descriptor);

    [DllImport("libc", EntryPoint = "tcgetattr")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Get(int descriptor, [Out] byte[] modes);

    [DllImport("libc", EntryPoint = "tcsetattr")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Set(int descriptor, int when, byte[] modes);
}
