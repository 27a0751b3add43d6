using System.ComponentModel;
using System.Diagnostics;

namespace WaltG5k.Core.Frontends.Processes;

/// <summary>
/// Starts a process of this machine in a session of its own, so that Ctrl-C in the terminal reaches us first, with its streams open to us.
/// </summary>
static class ProcessStart
{
    /// <exception cref="G5kException"><c>CommandNotStarted</c>.</exception>
    public static Process Open(string frontend, CommandRequest request, IReadOnlyList<string> words,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        bool hasSession = Programs.Exists("setsid");
        var info = new ProcessStartInfo(hasSession ? "setsid" : words[0], hasSession ? words : words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment["LC_ALL"] = "C";
        foreach ((string name, string value) in request.Environment) info.Environment[name] = value;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) info.Environment[name] = value;
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new G5kException("CommandNotStarted", ErrorKind.ResourceUnavailable,
                $"'{request.Program}' cannot be started on {frontend}: {e.Message}",
                request.Program, "Check the limits of this machine: ulimit -a", e);
        }
    }
}
