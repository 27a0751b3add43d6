using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed.Ssh;

/// <summary>A machine as its shell sees it.</summary>
/// <param name="HostName">What <c>hostname</c> says.</param>
/// <param name="Device">The WalT device, on a node that runs a WalT system.</param>
internal sealed record RemoteMachine(TestbedWorld World, WaltPart Walt, NodeModel Node, RemoteFiles Files, string HostName, WaltDevice? Device,
    CancellationToken Interrupted)
{
    /// <summary>The WalT server that runs on the machine.</summary>
    public WaltHost? Server => Device is null && !IsContainer ? Walt.Find(Node) : null;

    /// <summary>Whom a login shell talks to; null: nobody.</summary>
    public ITerminal? Terminal { get; init; }

    /// <summary>Whether this is a container on the machine: it has its own files.</summary>
    public bool IsContainer { get; init; }
}

/// <summary>A program that runs on a node.</summary>
internal sealed class RemoteRun(RemoteMachine machine, IReadOnlyList<string> words, string input)
{
    public RemoteMachine Machine => machine;
    public RemoteFiles Files => machine.Files;
    public string Program => words[0];
    public IReadOnlyList<string> Arguments { get; } = [.. words.Skip(1)];
    /// <summary>Arguments that are no options.</summary>
    public IReadOnlyList<string> Operands { get; } = [.. words.Skip(1).Where(w => !w.StartsWith('-') || w == "-")];
    public string Input => input;
    public StringBuilder Output { get; } = new();
    public StringBuilder Error { get; } = new();
    /// <summary>Where error text goes as soon as it is there; null: it is kept until the end.</summary>
    public Action<string>? TellError { get; init; }

    public bool HasOption(char letter) => Arguments.Any(a => a.Length > 1 && a[0] == '-' && a[1] != '-'
        && a.Contains(letter, StringComparison.Ordinal));

    public void Print(string line) => Output.Append(line).Append('\n');

    /// <summary>A complaint of the shell itself.</summary>
    public void Complain(string message) => Error.Append("bash: line 1: ").Append(message).Append('\n');

    /// <summary>Complains as programs do, and gives the status of a failure.</summary>
    public int Fail(string message, int status = 1)
    {
        Error.Append(Program).Append(": ").Append(message).Append('\n');
        return status;
    }
}

/// <summary>What a remote shell did.</summary>
internal sealed record RemoteResult(int Status, string Output, string Error)
{
    /// <summary>Whether the shell was told to end.</summary>
    public bool HasExited { get; init; }
}

/// <summary>Root's shell on an emulated node.</summary>
internal static class RemoteShell
{
    const int NotFound = 127, SyntaxError = 2;

    /// <param name="tellError">Gets the error text of each command when it has ended; null: all of it is in the result.</param>
    public static async Task<RemoteResult> RunAsync(RemoteMachine machine, string text, string input, Action<string>? tellError = null)
    {
        IReadOnlyList<ShellCommand> commands;
        try
        {
            commands = ShellSyntax.Parse(text);
        }
        catch (FormatException e)
        {
            return new RemoteResult(SyntaxError, "", $"bash: -c: line 1: {e.Message}\n");
        }
        StringBuilder output = new(), error = new();
        int status = 0;
        bool hasExited = false;
        string piped = "";
        for (int i = 0; i < commands.Count; i++)
        {
            ShellCommand command = commands[i];
            bool runs = command.Join switch { ShellJoin.AfterSuccess => status == 0, ShellJoin.AfterFailure => status != 0, _ => true };
            if (!runs) continue;
            bool readsPipe = command.Join == ShellJoin.Pipe;
            IReadOnlyList<string> words = ShellSyntax.PutStatus(command.Words, status);
            if (words is ["exit", ..])
            {
                status = words.Count > 1 && int.TryParse(words[1], CultureInfo.InvariantCulture, out int given) ? given & 255 : status;
                hasExited = true;
                break;
            }
            bool replacesShell = words is ["exec", _, ..];
            RemoteRun run = new(machine, replacesShell ? [.. words.Skip(1)] : words,
                InputOf(machine, command, readsPipe ? piped : input)) { TellError = tellError };
            status = await RunProgramAsync(run, command).ConfigureAwait(false);
            if (!readsPipe && command.Words is ["tee" or "cat", ..]) input = "";
            Redirect(machine, command, run, ref status);
            if (i + 1 < commands.Count && commands[i + 1].Join == ShellJoin.Pipe) piped = run.Output.ToString();
            else output.Append(run.Output);
            if (tellError is null) error.Append(run.Error);
            else if (run.Error.Length > 0) tellError(run.Error.ToString());
            if (replacesShell) break;
        }
        return new RemoteResult(status, output.ToString(), error.ToString()) { HasExited = hasExited };
    }

    static async Task<int> RunProgramAsync(RemoteRun run, ShellCommand command)
    {
        if (command.Words.Count == 0) return 0;
        // Input from a file that is not there ends the command before it begins.
        if (command.Redirections.FirstOrDefault(r => r.Stream == 0 && !run.Files.IsFile(r.Target)) is ShellRedirection missing)
        {
            run.Complain($"{missing.Target}: No such file or directory");
            return 1;
        }
        if (await RemotePrograms.StrikeAsync(run).ConfigureAwait(false) is { } struck) return struck;
        if (RemotePrograms.Find(run.Files, run.Program) is Func<RemoteRun, Task<int>> program) return await program(run).ConfigureAwait(false);
        run.Complain($"{run.Program}: {(run.Program.Contains('/', StringComparison.Ordinal) ? "No such file or directory" : "command not found")}");
        return NotFound;
    }

    static string InputOf(RemoteMachine machine, ShellCommand command, string otherwise)
        => command.Redirections.LastOrDefault(r => r.Stream == 0) is ShellRedirection file ? machine.Files.Read(file.Target) ?? "" : otherwise;

    static void Redirect(RemoteMachine machine, ShellCommand command, RemoteRun run, ref int status)
    {
        foreach (ShellRedirection redirection in command.Redirections.Where(r => r.Stream > 0))
        {
            StringBuilder source = redirection.Stream == 1 ? run.Output : run.Error;
            if (redirection.Target == "&1") run.Output.Append(source);
            else if (redirection.Target == "&2") run.Error.Append(source);
            else
            {
                bool isWritten;
                lock (machine.World.Sync) isWritten = machine.Files.TryWrite(redirection.Target, source.ToString(), redirection.Appends);
                if (!isWritten)
                {
                    run.Complain($"{redirection.Target}: No such file or directory");
                    status = 1;
                }
            }
            source.Clear();
        }
    }
}
