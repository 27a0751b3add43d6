namespace WaltG5k.Host.Terminal;

enum OutputFormat { Table, List, Json, Csv }

enum Request { Run, RunFile, Help, Version }

/// <summary>The command line of the executable.</summary>
/// <param name="Text">The pipeline; for a file its path, <c>-</c> for standard input; for help the name of a command or nothing.</param>
sealed record Options(Request Request, OutputFormat Format, string Text)
{
    /// <exception cref="FormatException">The command line makes no sense; the message says why.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        OutputFormat format = OutputFormat.Table;
        var rest = new List<string>();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (Is(argument, "OutputFormat"))
            {
                if (++i >= arguments.Count || !Enum.TryParse(arguments[i], ignoreCase: true, out format) || !Enum.IsDefined(format))
                    throw new FormatException("-OutputFormat takes Table, List, Json or Csv.");
                continue;
            }
            rest.Add(argument);
        }
        if (rest.Count == 0) return new Options(Request.Help, format, "");
        string first = rest[0];
        if (Is(first, "version")) return new Options(Request.Version, format, "");
        if (Is(first, "help") || first is "-h" or "-?") return new Options(Request.Help, format, rest.Count > 1 ? rest[1] : "");
        if (Is(first, "File")) return rest.Count == 2
            ? new Options(Request.RunFile, format, rest[1])
            : throw new FormatException("-File takes one path, or - for standard input.");
        if (first == "-") return new Options(Request.RunFile, format, "-");
        string text = rest.Count == 1 ? first : string.Join(' ', rest.Select(Quoted));
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is ["help", ..] && words.Length <= 2
            ? new Options(Request.Help, format, words.ElementAtOrDefault(1) ?? "")
            : new Options(Request.Run, format, text);
    }

    static bool Is(string argument, string option) =>
        string.Equals(argument, "-" + option, StringComparison.OrdinalIgnoreCase)
        || string.Equals(argument, "--" + option, StringComparison.OrdinalIgnoreCase);

    /// <summary>The shell took the quotes of an argument with blanks off: they are put back.</summary>
    static string Quoted(string argument) =>
        argument.Length > 0 && !argument.Any(c => char.IsWhiteSpace(c) || c is '\'' or '"')
        ? argument
        : $"'{argument.Replace("'", "''", StringComparison.Ordinal)}'";
}
