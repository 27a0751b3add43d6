using System.Globalization;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Sql;

namespace WaltG5k.Testbed.Oar.Commands;

sealed class OarstatCommand(OarPart part) : OarCommand(part)
{
    static readonly OptionRule[] s_rules =
    [
        OptionRule.Flag("json|J"), OptionRule.Flag("full|f"), OptionRule.Flag("state|s"), OptionRule.Flag("properties|p"),
            OptionRule.Flag("events|e"),
        OptionRule.Flag("compact|c"), OptionRule.Flag("version|V"), OptionRule.Flag("help|h"), OptionRule.Flag("yaml|Y"), OptionRule.Flag("dumper|D"),
        OptionRule.Flag("xml|X"), OptionRule.Value("job|j"), OptionRule.OptionalValue("user|u"), OptionRule.OptionalValue("array"),
        OptionRule.Value("sql"), OptionRule.Value("gantt|g"), OptionRule.Value("accounting"), OptionRule.Value("format"),
    ];

    static readonly Dictionary<string, (bool IsNumber, Func<OarJob, object?> Get)> s_columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["job_id"] = (true, j => j.Id),
        ["job_name"] = (false, j => j.Name),
        ["job_user"] = (false, j => j.User),
        ["state"] = (false, j => j.State),
        ["queue_name"] = (false, j => j.Submission.Queue),
        ["project"] = (false, j => j.Submission.Project),
        ["job_type"] = (false, j => j.JobType),
        ["command"] = (false, j => j.Submission.Command),
        ["array_id"] = (true, j => j.ArrayId),
        ["submission_time"] = (true, j => j.Submission.SubmissionTime),
        ["start_time"] = (true, j => j.Progress.StartTime),
        ["stop_time"] = (true, j => j.Progress.StopTime),
        ["reservation"] = (false, j => j.Progress.Reservation),
        ["message"] = (false, j => j.Progress.Message),
    };

    protected override bool WaitsForDatabase => false;
    public override IReadOnlyList<string> Names { get; } = ["oarstat"];

    protected override Task<int> RunAsync(string name, CommandContext context, OarServer server)
    {
        ParsedOptions options = OptionParser.Parse(context.Arguments, s_rules);
        (int exitCode, List<string> output, List<string> errors) = server.Read(random => Answer(context, server, options, random));
        foreach (string line in output) context.WriteLine(line);
        foreach (string line in errors) context.WriteErrorLine(line);
        return Task.FromResult(exitCode);
    }

    static (int ExitCode, List<string> Output, List<string> Errors) Answer(CommandContext context, OarServer server, ParsedOptions options,
        Random random)
    {
        if (options.Errors.Count > 0) return (1, [], options.Errors);
        if (options.Has("version")) return Success([OarPart.VersionLine]);
        if (options.Has("help")) return Success(["Usage: oarstat [options]"]);
        if (options.Value("gantt") is { } period) return Gantt(server, options, period, random);
        if (options.Value("accounting") is { } window) return Accounting(context, server, options, window);
        if (options.Has("array") && options.Has("job")) return (1, [], ["/!\\ ERROR: -j and --array cannot be used together"]);
        if (Select(context, server, options) is not { } jobs)
        {
            return (255, [], ["/!\\ ERROR: No job id provided in command line or environment variables"]);
        }
        if (options.Has("properties")) return Success(jobs.SelectMany(j => JobText.Properties(JobDocument.AssignedUnits(server, j), random)));
        if (options.Has("events")) return Success(jobs.SelectMany(JobText.Events));
        if (options.Has("xml")) return (0, [], ["No Perl XML module is available on the system. If required, ask your admin to install one."]);
        if (options.Has("state") && options.Has("yaml")) return Success(jobs.Select(j => $"{Key(j)}: {j.State}").Prepend("---"));
        if (options.Has("state") && options.Has("dumper"))
            return Success(["{", .. jobs.Select((j, i) => $"  '{Key(j)}' => '{j.State}'{(i + 1 < jobs.Count ? "," : "")}"), "}"]);
        if (options.Has("state")) return Success(States(jobs, options.Has("json"), random));
        bool full = options.Has("full");
        if (options.Has("json"))
        {
            if (jobs.Count == 0) return Success([]);
            var documents = jobs.ToDictionary(Key, object? (j) => JobDocument.Create(server, j, full, context.User));
            return Success([PerlJson.Write(documents, random)]);
        }
        if (full) return Success(jobs.SelectMany(j => JobText.Full(server, j, context.User)));
        return Success(options.Has("array") ? JobText.ArrayTable(jobs, server.Now) : jobs.Count == 0 ? [] : JobText.Table(jobs, server.Now));
    }

    static (int, List<string>, List<string>) Success(IEnumerable<string> output) => (0, [.. output], []);

    // Null: something that should be an id is none. Unknown jobs are left out in silence.
    static List<OarJob>? Select(CommandContext context, OarServer server, ParsedOptions options)
    {
        if (options.Values("job") is { Count: > 0 } ids)
        {
            var jobs = new List<OarJob>();
            foreach (string text in ids.Concat(options.Operands))
            {
                if (!TryParseId(text, out long id)) return null;
                if (server.Find(id) is { } job) jobs.Add(job);
            }
            return [.. jobs.Distinct()];
        }
        if (options.Value("array") is { } array) return [.. server.Jobs.Values.Where(j => Number(j.ArrayId) == array)];
        if (options.Value("sql") is { } sql) return SelectBySql(server, sql);
        string? user = options.Has("user") ? options.Value("user") ?? context.User : null;
        return [.. server.OpenJobs.Where(j => user is null || j.User == user)];
    }

    internal static List<OarJob> SelectBySql(OarServer server, string sql)
    {
        try
        {
            var filter = new SqlFilter(sql, column => s_columns.TryGetValue(column, out var known) ? known.IsNumber : null);
            return [.. server.Jobs.Values.Where(j => filter.Matches(column => s_columns[column].Get(j)))];
        }
        catch (SqlException)
        {
            // No output and success: the error is lost on the way.
            return [];
        }
    }

    static IEnumerable<string> States(List<OarJob> jobs, bool json, Random random)
    {
        if (json) return [PerlJson.Write(jobs.ToDictionary(Key, object? (j) => j.State), random)];
        return jobs.Select(j => $"{Key(j)}: {j.State}");
    }

    static (int, List<string>, List<string>) Gantt(OarServer server, ParsedOptions options, string period, Random random)
    {
        string[] dates = period.Split(',');
        if (dates.Length != 2 || OarFormat.ParseDate(dates[0].Trim()) is not long from || OarFormat.ParseDate(dates[1].Trim()) is not long to)
        {
            return (1, [], ["Bad syntax for --gantt"]);
        }
        object? document = GanttDocument.Create(server, from, to);
        return Success(options.Has("json") ? [PerlJson.Write(document, random)] : []);
    }

    // By user: windows of whole days in which there are jobs, what they asked for and what they used, in seconds of a core.
    static (int, List<string>, List<string>) Accounting(CommandContext context, OarServer server, ParsedOptions options, string window)
    {
        string[] days = window.Split(',');
        if (days.Length != 2 || OarFormat.ParseDate(days[0].Trim() + " 0:0:0") is not long from
            || OarFormat.ParseDate(days[1].Trim() + " 0:0:0") is not long to)
        {
            return (1, [], ["Bad syntax for --accounting"]);
        }
        string? user = options.Has("user") ? options.Value("user") ?? context.User : null;
        var lines = new List<string>
        {
            "    User       First window starts  Last window ends     Asked (seconds)  Used (seconds)",
            "    ---------- -------------------- -------------------- ---------------- ----------------",
        };
        IEnumerable<OarJob> ended = server.Jobs.Values.Where(j => j.HasEnded && j.Progress is { Launched: true, StopTime: > 0 }
            && j.Progress.StartTime >= from && j.Progress.StartTime < to && (user is null || j.User == user));
        foreach (IGrouping<string, OarJob> own in ended.GroupBy(j => j.User).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            long Rows(OarJob job) => server.Table.UnitsOf(job.Units!).Sum(u => u.RowCount);
            string first = Day(own.Min(j => j.Progress.StartTime)) + " 00:00:00", last = Day(own.Max(j => j.Progress.StopTime)) + " 23:59:59";
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"{own.Key,-10} {first,-20} {last,-20} {own.Sum(j => j.Walltime * Rows(j)),16} {own.Sum(j => (j.Progress.StopTime - j.Progress.StartTime) * Rows(j)),16}"));
        }
        return Success(lines);

        static string Day(long epoch) => OarFormat.ToLocal(epoch).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    static string Key(OarJob job) => Number(job.Id);
    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
