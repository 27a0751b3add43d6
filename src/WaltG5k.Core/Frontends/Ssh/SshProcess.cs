using System.ComponentModel;
using System.Diagnostics;
using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Core.Frontends;

/// <summary>The OpenSSH client as a process, away from the terminal: it cannot ask, and Ctrl-C does not end it before us.</summary>
static class SshProcess
{
    /// <summary>
    /// The words of an ssh that uses a shared connection and nothing else: no configuration file, no login of its own when the socket is gone.
    /// </summary>
    public static IReadOnlyList<string> Shared(string socket) =>
        ["ssh", "-F", "none", "-S", socket, "-o", "ControlMaster=no", "-o", "ProxyCommand=false"];

    /// <summary>Stands for the destination where the shared connection has one already.</summary>
    public const string AnyHost = "waltg5k";

    /// <summary>Whether an ssh of a shared connection ended before it had a session.</summary>
    public static bool IsNotOpened(string text) => text.Contains("UNKNOWN port", StringComparison.Ordinal);

    /// <summary>Whether the far end allows no more sessions on the connection.</summary>
    public static bool IsFull(string text) => text.Contains("Session open refused", StringComparison.Ordinal);

    /// <exception cref="G5kException"><c>SshNotInstalled</c>, <c>CommandNotStarted</c>.</exception>
    public static Process Start(IEnumerable<string> options)
    {
        RequireSsh();
        bool hasSession = Programs.Exists("setsid");
        var info = new ProcessStartInfo(hasSession ? "setsid" : "ssh", [.. (string[])(hasSession ? ["ssh"] : []), .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment["LC_ALL"] = "C";
        info.Environment["SSH_ASKPASS_REQUIRE"] = "never";
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new G5kException("CommandNotStarted", ErrorKind.ResourceUnavailable, $"ssh cannot be started: {e.Message}", "ssh",
                "Check the limits of this machine: ulimit -a", e);
        }
    }

    public static void RequireSsh()
    {
        if (!Programs.Exists("ssh"))
            throw new G5kException("SshNotInstalled", ErrorKind.NotInstalled, "The OpenSSH client is not installed here.", "ssh",
                "Install it, such as: apt install openssh-client");
    }
}
