using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace WaltG5k.Testbed.Time;

/// <summary>
/// What the threads of this process do, as Linux tells it. The file of each thread stays open: a clock that jumps asks hundreds of times per second,
/// and finding and opening the files costs several times more than reading them.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class ThreadStates : IDisposable
{
    readonly Dictionary<string, SafeFileHandle> _files = new(StringComparer.Ordinal);

    /// <summary>How many threads run, or wait for a disk: a synced write may take long on a busy machine, and uses no processor time.</summary>
    public int CountActive()
    {
        int active = 0;
        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
            if (Read(thread) is 'R' or 'D') active++;
        return active;
    }

    /// <summary>The letter in "id (name) state …"; null when the thread has ended.</summary>
    char? Read(string thread)
    {
        Span<byte> text = stackalloc byte[128];
        try
        {
            if (!_files.TryGetValue(thread, out SafeFileHandle? file)) _files[thread] = file = File.OpenHandle(Path.Combine(thread, "stat"));
            text = text[..RandomAccess.Read(file, text, 0)];
        }
        catch (IOException)
        {
            if (_files.Remove(thread, out SafeFileHandle? ended)) ended.Dispose();
            return null;
        }
        int name = text.LastIndexOf((byte)')');   // a name may hold blanks, and parentheses
        return name >= 0 && text.Length > name + 2 ? (char)text[name + 2] : null;
    }

    public void Dispose()
    {
        foreach (SafeFileHandle file in _files.Values) file.Dispose();
        _files.Clear();
    }
}
