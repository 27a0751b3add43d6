using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// A command on its way over ssh. The login shell at the far end, whatever it is, gets one harmless line that starts /bin/sh. The rest comes on
/// standard input: what watches over the command, the command, its own input, and a word that says that all has arrived, so that a connection that
/// breaks earlier runs nothing. Marks in the output tell what the command printed from what start-up files and ssh did, and its status from ssh's.
/// </summary>
sealed class RemoteCommand
{
    /// <summary>
    /// What ssh brings ends when we close it, or when the connection breaks: then the process group (sshd gives the shell one of its own) is
    /// interrupted, terminated and killed. The input waits in a file without a name, so that the end of what ssh brings is seen while the command has
    /// not read it all.
    /// </summary>
    const string Watchdog =
        """exec 3<&0 4>&2 </dev/null; c=$(head -c "$2" <&3); """
        + """if [ "$3" -gt 0 ]; then t=$(mktemp) && exec 5>"$t" <"$t" && rm -f "$t" && head -c "$3" <&3 >&5 && exec 5>&-; fi || exit 125; """
        + """read -r g <&3 && [ "$g" = "$4" ] || exit 125; """
        + """echo "$4"; echo "$4" >&2; exec 2>/dev/null; """
        + """(trap "" INT TERM HUP; while read -r g; do :; done <&3; kill -INT -$$; sleep 0.5; kill -TERM -$$; sleep 1.5; kill -KILL -$$) >/dev/null 4>&- & """
        + """w=$!; x=; trap x=1 INT TERM; eval "$c" 2>&4 3<&- 4>&-; s=$?; [ "$x" ] || kill -KILL $w; echo "$4 $s" >&4; exit $s""";

    /// <summary>All that the login shell sees: not all agree on exclamation marks and backslashes between single quotes.</summary>
    const string Loader = """eval "$(head -c "$1")" """;

    /// <summary>On a terminal the hang-up ends the command, and the input is what is typed.</summary>
    const string OnTerminal = """m=$1; shift; trap : INT; echo "$m"; "$@"; s=$?; echo "$m $s"; exit $s""";

    RemoteCommand(string mark, string line, string input, bool terminal)
    {
        Line = line;
        Input = input;
        Output = new RemoteOutput(mark, terminal);
    }

    /// <summary>The last argument of ssh: a line for the login shell.</summary>
    public string Line { get; }

    /// <summary>What to send first; then the channel is kept open while the command runs.</summary>
    public string Input { get; }

    /// <summary>Reads what comes back.</summary>
    public RemoteOutput Output { get; }

    public static RemoteCommand Create(CommandRequest request)
    {
        string mark = "waltg5k:" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        string[] words = ["env", "LC_ALL=C", .. request.Environment.Select(v => $"{v.Key}={v.Value}"), .. request.Arguments];
        if (request.Terminal) return new RemoteCommand(mark, Start(OnTerminal, mark) + " " + PosixShell.Join(words), request.Input ?? "",
            terminal: true);
        string command = PosixShell.Join(words), input = request.Input ?? "";
        return new RemoteCommand(mark, Start(Loader, CountBytes(Watchdog), CountBytes(command), CountBytes(input), mark),
            $"{Watchdog}{command}{input}{mark}\n", terminal: false);
    }

    static string Start(string script, params string[] arguments) =>
        $"exec /bin/sh -c {PosixShell.Quote(script)} waltg5k {PosixShell.Join(arguments)}";

    static string CountBytes(string text) => Encoding.UTF8.GetByteCount(text).ToString(CultureInfo.InvariantCulture);
}
