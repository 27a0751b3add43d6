using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>
/// What is written to the shell of a node, in the language that dash, bash and busybox share. Each command runs in a subshell; beside it a watchdog
/// reads the shell's input: any line there, or its end (we are gone), ends the command's process group. The first command runs in the group of the
/// shell itself, to save the start of another one; ending it ends the connection. Later ones get a session of their own, so that ending them spares
/// the connection and what earlier commands have left in the background.
/// </summary>
static class NodeShellScript
{
    /// <summary>The line that ends the running command; between commands it says nothing.</summary>
    public const string Stop = "\n";

    // The watchdog must be gone before the command is reported, or it would swallow the next one: hence the wait.
    const string Functions =
        """
        _walt_w() { trap '' TERM INT HUP; read -r _walt_x <&3; kill -TERM 0; sleep 0.5 || sleep 1; kill -KILL 0; }
        _walt_c() { _walt_w </dev/null >/dev/null 2>&1 & _walt_p=$!; (exec 3<&-; eval "$1"); _walt_s=$?; kill -KILL $_walt_p; wait $_walt_p 2>/dev/null; return $_walt_s; }
        """;

    /// <summary>What precedes the first command.</summary>
    /// <param name="watched">Where the watchdog reads.</param>
    public static string Define(string word, string watched = "&0") =>
        $$"""
        exec 3<{{watched}}
        _walt_n={{word}}
        _walt_d={{PosixShell.Quote(Functions)}}
        eval "$_walt_d"
        _walt_b() { printf '\036%s b\n' $_walt_n; printf '\036%s b\n' $_walt_n >&2; }
        _walt_e() { printf '\036%s e %s\n' $_walt_n $1; printf '\036%s e %s\n' $_walt_n $1 >&2; }
        command -v setsid >/dev/null || setsid() { "$@"; }

        """;

    /// <summary>
    /// A single command of TakTuk, whose end ends what it is connected to the watchdog by. Nobody can stop one target's command from outside: a
    /// second after its time is over, for us to notice first, it ends itself.
    /// </summary>
    public static string Single(string word, string script, string? input, TimeSpan timeout) =>
        Define(word, "/proc/self/fd/$TAKTUK_CONTROL_READ")
        + string.Create(CultureInfo.InvariantCulture,
        $"command -v timeout >/dev/null && _walt_t='timeout -k 1 {Math.Ceiling(timeout.TotalSeconds) + 1:0}'\n")
        + Command(script, input, isFirst: false, limit: "$_walt_t ");

    /// <param name="limit">A program that ends later ones in time, with a space; empty: none.</param>
    public static string Command(string script, string? input, bool isFirst, string limit = "")
    {
        var text = new StringBuilder("_walt_b; ");
        if (!string.IsNullOrEmpty(input)) text.Append("printf %s ").Append(PosixShell.Quote(input)).Append(" | ");
        text.Append(isFirst ? "_walt_c " : $"setsid {limit}/bin/sh -c \"$_walt_d\"'; _walt_c \"$1\"' sh ").Append(PosixShell.Quote(script));
        if (string.IsNullOrEmpty(input)) text.Append(" </dev/null");
        return text.Append("; _walt_e $?\n").ToString();
    }
}
