using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.Commands;

/// <summary>
/// The user's shell, on a front-end or on a node of a job: lists, pipes, redirections, variables and <c>$(…)</c> with the emulated programs. It runs
/// line after line, so it serves a script as well as somebody who types.
/// </summary>
internal sealed partial class FrontendShell(CommandContext context)
{
    const int SyntaxError = 2, NotFound = 127;
    static readonly HashSet<string> s_builtIn =
        new(StringComparer.Ordinal) { "exit", "logout", "cd", "export", "unset", ":", "true", "false", "sleep", "command", "which", "env",
        "printenv" };

    readonly Dictionary<string, string> _variables = new(context.Environment, StringComparer.Ordinal) { ["HOME"] = $"/home/{context.User}" };

    /// <summary>The status of the last command.</summary>
    public int Status { get; private set; }
    public bool HasExited { get; private set; }
    public string? WorkingDirectory => _variables.GetValueOrDefault("PWD");

    /// <summary>
    /// How much of the sleeping is done already: a shell that goes on after a break says and does again nothing of what lies before.
    /// </summary>
    public TimeSpan Replayed { get; set; }

    /// <summary>Whether everything in a command line is emulated.</summary>
    public static bool Knows(TestbedWorld world, string text)
    {
        try
        {
            string plain = SubstitutionPattern().Replace(text, m => Knows(world, m.Groups[1].Value) ? "x" : "(");
            return ShellSyntax.Parse(plain).All(c => c.Words.Count == 0 || IsKnown(world, c.Words[0]));
        }
        catch (FormatException)
        {
            // Loops, conditions and jobs in the background.
            return false;
        }
    }

    static bool IsKnown(TestbedWorld world, string word) => s_builtIn.Contains(word) || world.Commands.ContainsKey(word) || IsAssignment(word);

    public async Task<int> RunAsync(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (HasExited) break;
            await RunLineAsync(line, context, captured: null).ConfigureAwait(false);
        }
        return Status;
    }

    async Task RunLineAsync(string line, CommandContext outer, StringBuilder? captured)
    {
        foreach ((ShellJoin join, string text) in ShellWords.Split(line))
        {
            if (HasExited) return;
            if (Runs(join)) await RunPipelineAsync(text, outer, captured).ConfigureAwait(false);
        }
    }

    async Task RunPipelineAsync(string line, CommandContext outer, StringBuilder? captured)
    {
        IReadOnlyList<ShellCommand> commands;
        try
        {
            string expanded = await ShellWords.ExpandAsync(line, GetVariable, t => CaptureAsync(t, outer)).ConfigureAwait(false);
            commands = ShellSyntax.Parse(expanded);
        }
        catch (FormatException e)
        {
            outer.WriteErrorLine($"bash: -c: line 1: {e.Message}");
            Status = SyntaxError;
            return;
        }
        string piped = "";
        for (int i = 0; i < commands.Count && !HasExited; i++)
        {
            ShellCommand command = commands[i];
            bool feeds = i + 1 < commands.Count && commands[i + 1].Join == ShellJoin.Pipe;
            StringBuilder? output = feeds || HasOutputFile(command) ? new StringBuilder() : captured;
            CommandContext inner = Prepare(command, outer, output, command.Join == ShellJoin.Pipe ? piped : outer.Input);
            Status = await RunProgramAsync(command, inner).ConfigureAwait(false);
            WriteFile(command, outer, output);
            piped = feeds && output is not null && !HasOutputFile(command) ? output.ToString() : "";
        }
    }

    bool Runs(ShellJoin join) => join switch { ShellJoin.AfterSuccess => Status == 0, ShellJoin.AfterFailure => Status != 0, _ => true };

    async Task<string> CaptureAsync(string text, CommandContext outer)
    {
        var output = new StringBuilder();
        await RunLineAsync(text, outer, output).ConfigureAwait(false);
        return output.ToString();
    }

    CommandContext Prepare(ShellCommand command, CommandContext outer, StringBuilder? output, string input)
    {
        if (command.Redirections.LastOrDefault(r => r.Stream == 0) is { } file)
            input = new SiteFiles(outer with { Environment = _variables }).Read(file.Target) ?? "";
        Action<string> write = output is null ? outer.Write : text => output.Append(text);
        bool errorsToo = command.Redirections.Any(r => r is { Stream: 2, Target: "&1" });
        bool noErrors = command.Redirections.Any(r => r is { Stream: 2, Target: "/dev/null" });
        bool silent = Replayed > TimeSpan.Zero;
        return outer with
        {
            Input = input,
            Environment = new Dictionary<string, string>(_variables),
            Arguments = [.. command.Words.Skip(1)],
            WriteText = silent ? _ => { } : write,
            WriteLine = silent ? _ => { } : line => write(line + "\n"),
            WriteErrorLine = silent || noErrors ? _ => { } : errorsToo ? line => write(line + "\n") : outer.WriteErrorLine,
        };
    }

    static bool HasOutputFile(ShellCommand command) => command.Redirections.Any(r => r.Stream == 1 && !r.Target.StartsWith('&'));

    void WriteFile(ShellCommand command, CommandContext outer, StringBuilder? output)
    {
        if (command.Redirections.LastOrDefault(r => r.Stream == 1 && !r.Target.StartsWith('&')) is not { } file || Replayed > TimeSpan.Zero) return;
        if (new SiteFiles(outer with { Environment = _variables }).Redirect(file.Target, output!.ToString(), file.Appends) is not { } failure) return;
        outer.WriteErrorLine($"bash: {file.Target}: {failure}");
        Status = 1;
    }

    async Task<int> RunProgramAsync(ShellCommand command, CommandContext inner)
    {
        switch (command.Words.ToArray())
        {
            case []: return 0;
            case ["exit" or "logout", ..]:
                HasExited = true;
                return command.Words.Count > 1 && int.TryParse(command.Words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int status)
                    ? status & 255
                    : Status;
            case ["true" or ":", ..]: return 0;
            case ["false", ..]: return 1;
            case ["cd", ..]: return ChangeDirectory(inner, command.Words.ElementAtOrDefault(1) ?? "~");
            case ["unset", .. var names]:
                foreach (string name in names) _variables.Remove(name);
                return 0;
            case ["export", .. var assignments]:
                foreach (string assignment in assignments.Where(IsAssignment)) Assign(assignment);
                return 0;
            case ["env" or "printenv"]:
                foreach ((string name, string value) in _variables.OrderBy(v => v.Key, StringComparer.Ordinal)) inner.WriteLine($"{name}={value}");
                return 0;
            case ["printenv", string name]:
                if (_variables.TryGetValue(name, out string? known)) inner.WriteLine(known);
                return known is null ? 1 : 0;
            case ["command", "-v", string program]: return Find(inner, program);
            case ["which", string program]: return Find(inner, program);
            case ["sleep", _, ..]: return await SleepAsync(inner, command.Words.Skip(1)).ConfigureAwait(false);
            case [string only] when IsAssignment(only):
                Assign(only);
                return 0;
        }
        if (inner.World.Commands.TryGetValue(command.Words[0], out IEmulatedCommand? emulated))
            return await emulated.RunAsync(command.Words[0], inner).ConfigureAwait(false);
        if (command.Words[0].Contains('/', StringComparison.Ordinal) && new SiteFiles(inner).Read(command.Words[0]) is { } script)
        {
            return await new FrontendShell(inner).RunAsync(script).ConfigureAwait(false);
        }
        inner.WriteErrorLine(
            $"bash: line 1: {command.Words[0]}: {(command.Words[0].Contains('/', StringComparison.Ordinal) ? "No such file or directory" : "command not found")}");
        return NotFound;
    }

    static int Find(CommandContext context, string program)
    {
        if (s_builtIn.Contains(program)) context.WriteLine(program);
        else if (context.World.Commands.ContainsKey(program)) context.WriteLine($"/usr/bin/{program}");
        else return 1;
        return 0;
    }

    int ChangeDirectory(CommandContext inner, string path)
    {
        var files = new SiteFiles(inner);
        if (!files.IsDirectory(path))
        {
            inner.WriteErrorLine($"bash: cd: {path}: No such file or directory");
            return 1;
        }
        _variables["PWD"] = files.Absolute(path);
        return 0;
    }

    async Task<int> SleepAsync(CommandContext inner, IEnumerable<string> intervals)
    {
        double seconds = 0;
        foreach (string text in intervals)
        {
            if (ParseInterval(text) is not { } interval)
            {
                inner.WriteErrorLine($"sleep: invalid time interval '{text}'");
                return 1;
            }
            seconds += interval;
        }
        TimeSpan duration = TimeSpan.FromSeconds(Math.Min(seconds, 1e8));
        TimeSpan known = Replayed < duration ? Replayed : duration;
        Replayed -= known;
        // Timers take at most 49 days.
        for (TimeSpan left = duration - known; left > TimeSpan.Zero; left -= TimeSpan.FromDays(40))
        {
            await Task.Delay(left < TimeSpan.FromDays(40) ? left : TimeSpan.FromDays(40), inner.World.Time, inner.Interrupted).ConfigureAwait(false);
        }
        return 0;
    }

    // A number with a unit: s, m, h or d. In seconds.
    static double? ParseInterval(string text)
    {
        double unit = text.Length == 0 ? 0 : text[^1] switch { 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 1 };
        string number = text.Length > 0 && text[^1] is 's' or 'm' or 'h' or 'd' ? text[..^1] : text;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 ? value * unit : null;
    }

    string? GetVariable(string name) => name == "?" ? Status.ToString(CultureInfo.InvariantCulture) : _variables.GetValueOrDefault(name);

    static bool IsAssignment(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && word.Take(equals).All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    void Assign(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        _variables[assignment[..equals]] = assignment[(equals + 1)..];
    }

    [GeneratedRegex(@"\$\(([^()]*)\)")]
    private static partial Regex SubstitutionPattern();
}
