using System.Text.RegularExpressions;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>Shows properties of a job's resources, once for each value of the first of them; in no order.</summary>
sealed partial class OarprintCommand(OarPart part) : OarCommand(part)
{
    const int Failed = 255;
    const string Usage = "Usage: oarprint <property> [-P properties] [-F format] [-f -]";

    static readonly OptionRule[] s_rules =
    [
        OptionRule.Value("P"), OptionRule.Value("F"), OptionRule.Value("C"), OptionRule.Value("f"),
    ];

    protected override bool NeedsDatabase => false;
    public override IReadOnlyList<string> Names { get; } = ["oarprint"];

    protected override Task<int> RunAsync(string name, CommandContext context, OarServer server)
    {
        ParsedOptions options = OptionParser.Parse(context.Arguments, s_rules);
        if (options.Errors.Count > 0 || options.Operands.Count != 1) return Task.FromResult(Fail(context, Usage));
        IEnumerable<string> input = options.Value("f") is null ? OwnResources(context, server) : context.Input.Split('\n');
        Dictionary<string, string>[] rows = [.. input.Where(l => l.Trim().Length > 0).Select(ReadRow)];
        if (rows.Length == 0) return Task.FromResult(Fail(context, "/usr/bin/oarprint: no input data available"));

        string property = options.Operands[0];
        string[] printed = options.Value("P")?.Split(',') ?? [property];
        foreach (string column in printed.Prepend(property))
        {
            if (!rows[0].ContainsKey(column)) return Task.FromResult(Fail(context, $"/usr/bin/oarprint: Unknown property '{column}'"));
        }
        string[] lines = [.. rows.GroupBy(r => r[property]).Select(g => Format(g, printed, options))];
        server.Read(random =>
        {
            random.Shuffle(lines);
            return 0;
        });
        foreach (string line in lines) context.WriteLine(line);
        return Task.FromResult(0);
    }

    // Within a job it reads the job's own file.
    static string[] OwnResources(CommandContext context, OarServer server) =>
        context.Environment.TryGetValue("OAR_JOB_ID", out string? text) && TryParseId(text, out long id)
            ? server.Read(random => server.Find(id) is { } job ? JobText.Properties(JobDocument.AssignedUnits(server, job), random).ToArray() : [])
            : [];

    // Values that differ within a group are joined.
    static string Format(IEnumerable<Dictionary<string, string>> group, string[] printed, ParsedOptions options)
    {
        string[] values = [.. printed.Select(p => string.Join(options.Value("C") ?? "+", group.Select(r => r[p]).Distinct()))];
        if (options.Value("F") is not { } format) return string.Join(' ', values);
        int next = 0;
        return MarkPattern().Replace(format, _ => next < values.Length ? values[next++] : "%");
    }

    static Dictionary<string, string> ReadRow(string line)
    {
        var row = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in PropertyPattern().Matches(line)) row[match.Groups[1].Value] = match.Groups[2].Value;
        return row;
    }

    static int Fail(CommandContext context, string text)
    {
        context.WriteErrorLine(text);
        return Failed;
    }

    [GeneratedRegex(@"(\w+) = '(.*?)'(?= , |\s*$)")]
    private static partial Regex PropertyPattern();

    [GeneratedRegex("%")]
    private static partial Regex MarkPattern();
}
