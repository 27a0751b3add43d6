using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>A call that oarsub refuses before it asks anybody.</summary>
sealed class OarsubException(int exitCode, string message, bool onStandardOutput = false) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
    public bool OnStandardOutput { get; } = onStandardOutput;
}

/// <summary>What a call of oarsub asks, before the admission rules.</summary>
sealed class OarsubOptions
{
    static readonly OptionRule[] s_rules =
    [
        OptionRule.Flag("json|J"), OptionRule.Flag("interactive|I"), OptionRule.Flag("hold"), OptionRule.Flag("scanscript|S"),
        OptionRule.Flag("version|V"), OptionRule.Flag("help|h"), OptionRule.Flag("yaml|Y"), OptionRule.Flag("xml|X"), OptionRule.Flag("dumper|D"),
        OptionRule.Flag("use-job-key|k"),
        OptionRule.Value("type|t"), OptionRule.Value("queue|q"), OptionRule.Value("property|p"), OptionRule.Value("resource|l"),
        OptionRule.Value("reservation|r"), OptionRule.Value("name|n"), OptionRule.Value("project"), OptionRule.Value("directory|d"),
        OptionRule.Value("stdout|O"), OptionRule.Value("stderr|E"), OptionRule.Value("anterior|a"), OptionRule.Value("array"),
        OptionRule.Value("array-param-file"),
        OptionRule.Value("notify"), OptionRule.Value("checkpoint"), OptionRule.Value("signal"),
        OptionRule.Value("connect|C"), OptionRule.Value("resubmit"), OptionRule.Value("import-job-key-from-file|i"),
        OptionRule.Value("import-job-key-inline"), OptionRule.Value("export-job-key-to-file|e"), OptionRule.Value("stagein|s"),
        OptionRule.Value("stagein-md5sum"),
    ];

    readonly ParsedOptions _options;

    public OarsubOptions(CommandContext context, long now)
    {
        _options = OptionParser.Parse(context.Arguments, s_rules);
        InitialRequest = "oarsub " + string.Join(' ', context.Arguments);
        if (Has("scanscript") && _options.Operands.Count > 0) TakeDirectives(context, _options.Operands[0]);
        if (_options.Errors.Count > 0) throw new OarsubException(1, string.Join('\n', _options.Errors));
        Command = _options.Operands.Count > 0 ? _options.Operands[0] : "";
        if (Has("version") || Has("help") || Has("connect") || Has("resubmit")) return;

        if (Value("reservation") is { } date) (ReservationDate, ReservationLength) = ParseReservation(date, now);
        if (Has("reservation") && Has("interactive"))
            throw new OarsubException(7, OarsubUsage.Text + "\n[ERROR] A reservation cannot be interactive.");
        if (Has("interactive") && Types.Contains("noop")) throw new OarsubException(17, "[ERROR] A noop job cannot be interactive.");
        if (Value("notify") is { } notify && notify.StartsWith("exec:", StringComparison.Ordinal) && !IsHarmless(notify[5..]))
        {
            throw new OarsubException(16, @"[ERROR] Insecure characters found in notification method (the allowed regexp is: [a-zA-Z0-9_.\/ -]+).");
        }
        bool needsCommand = !Has("interactive") && ReservationDate is null && !Types.Contains("noop");
        if (needsCommand && Command.Length == 0) throw new OarsubException(5, OarsubUsage.Text, onStandardOutput: true);
        if (Value("array") is { } array && (!int.TryParse(array, out int size) || size <= 0))
            throw new OarsubException(6, OarsubUsage.Text, onStandardOutput: true);
        if (Value("array-param-file") is { } file) Parameters = ReadParameters(context, file);
        try
        {
            Requests = Values("resource") is { Count: > 0 } given ? [.. given.Select(ResourceRequest.Parse)] : [];
        }
        catch (FormatException e)
        {
            throw new OarsubException(255, e.Message);
        }
    }

    public bool Has(string name) => _options.Has(name);
    public string? Value(string name) => _options.Value(name);
    public IReadOnlyList<string> Values(string name) => _options.Values(name);

    public string InitialRequest { get; private set; }
    public string Command { get; }
    public IReadOnlyList<string> Types => Values("type");
    public IReadOnlyList<ResourceRequest> Requests { get; } = [];
    public long? ReservationDate { get; }
    /// <summary>Seconds from the start to the end, when the reservation named both.</summary>
    public int? ReservationLength { get; }
    /// <summary>What each job of an array gets behind its command; null: nothing was given.</summary>
    public IReadOnlyList<string>? Parameters { get; }
    /// <summary>The signal of a checkpoint: a number.</summary>
    public int CheckpointSignal => int.TryParse(Value("signal"), out int number) ? number : Jobs.Submission.DefaultCheckpointSignal;
    public int Checkpoint => int.TryParse(Value("checkpoint"), out int seconds) && seconds > 0 ? seconds : 0;
    public int ArraySize => Parameters is not null
        ? Parameters.Count
        : Value("array") is { } size ? int.Parse(size, System.Globalization.CultureInfo.InvariantCulture) : 1;

    // A date, "now", or "start, end".
    static (long Date, int? Length) ParseReservation(string text, long now)
    {
        string[] parts = text.Split(',', 2);
        long? start = parts[0].Trim() is var first && first == "now" ? now : OarFormat.ParseDate(first);
        long? end = parts.Length == 2 ? OarFormat.ParseDate(parts[1].Trim()) : null;
        if (start is null || (parts.Length == 2 && (end is null || end <= start)))
        {
            throw new OarsubException(7,
                "[ERROR] Syntax error near the -r or --reservation option. The reservation date synstax is : \"2027-03-25 17:32:12\".");
        }
        return (start.Value, end is null ? null : (int)(end.Value - start.Value));
    }

    // Lines "#OAR -l …" of a script are further options.
    void TakeDirectives(CommandContext context, string command)
    {
        string path = command.Split(' ')[0];
        if (new SiteFiles(context).Read(path) is not { } script) throw new OarsubException(12, $"[ERROR] The script {path} cannot be read.");
        foreach (string line in script.Split('\n').Where(l => l.StartsWith("#OAR ", StringComparison.Ordinal)))
        {
            InitialRequest += $"; {line.TrimEnd()}";
            ParsedOptions more = OptionParser.Parse(ShellWords.Cut(line[5..]), s_rules);
            _options.Errors.AddRange(more.Errors);
            foreach ((string name, List<string> values) in more.Given)
            {
                if (_options.Given.TryGetValue(name, out List<string>? known)) known.AddRange(values);
                else _options.Given[name] = values;
            }
        }
    }

    static string[] ReadParameters(CommandContext context, string file)
    {
        if (new SiteFiles(context).Read(file) is not { } text) throw new OarsubException(6, $"[ERROR] The parameter file {file} cannot be read.");
        string[] lines = [.. text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')];
        return lines.Length > 0 ? lines : throw new OarsubException(6, OarsubUsage.Text, onStandardOutput: true);
    }

    static bool IsHarmless(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or ' ' or '-');
}
