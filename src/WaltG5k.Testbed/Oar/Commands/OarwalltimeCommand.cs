using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>Writes everything to its standard output, refusals too.</summary>
sealed class OarwalltimeCommand(OarPart part) : OarCommand(part)
{
    /// <summary>Seconds by which a job can grow.</summary>
    internal const int Limit = 24 * 3600;
    const int Bad = 1, UnknownInQuery = 2, Forbidden = 3, NotFound = 4, Disabled = 5;
    const string Usage = "Usage: oarwalltime [options] <job id> [[+|-]<walltime>]";

    static readonly OptionRule[] s_rules =
    [
        OptionRule.Flag("force|f"), OptionRule.Flag("delay-next-jobs|d"), OptionRule.Flag("version|V"), OptionRule.Flag("help|h"),
    ];

    public override IReadOnlyList<string> Names { get; } = ["oarwalltime"];

    protected override Task<int> RunAsync(string name, CommandContext context, OarServer server)
    {
        (int exitCode, string text) = Answer(context, server);
        context.WriteLine(text);
        return Task.FromResult(exitCode);
    }

    static (int ExitCode, string Text) Answer(CommandContext context, OarServer server)
    {
        // A walltime with a minus sign is no option.
        int change = context.Arguments.Count > 1 && context.Arguments[^1] is ['-', >= '0' and <= '9', ..] ? 1 : 0;
        ParsedOptions options = OptionParser.Parse([.. context.Arguments.SkipLast(change)], s_rules);
        options.Operands.AddRange(context.Arguments.TakeLast(change));
        if (options.Has("version")) return (0, OarPart.VersionLine);
        if (options.Errors.Count > 0 || options.Operands.Count is 0 or > 2 || !TryParseId(options.Operands[0], out long id))
        {
            return (NotFound, "Syntax error.\n" + Usage);
        }
        bool disabled = context.World.Faults.Strikes(Faults.FaultNames.OarWalltimeDisabled, context.Site);
        if (options.Operands.Count == 1 && disabled) return (UnknownInQuery, "FUNCTIONALITY IS DISABLED");
        if (options.Operands.Count == 1) return server.Read(_ => Query(server.Find(id), id));
        string text = options.Operands[1];
        if (OarFormat.ParseDuration(text.TrimStart('+', '-')) is not int seconds) return (NotFound, "Syntax error.\n" + Usage);
        return disabled ? (Disabled, "Not available: functionality is disabled.") : Request(context, server, options, id, text[0], seconds);
    }

    static (int, string) Request(CommandContext context, OarServer server, ParsedOptions options, long id, char sign, int seconds)
    {
        OarJob? job = server.Read(_ => server.Find(id));
        if (job is null) return (NotFound, $"Not found: could not find job {id}.");
        if (job.User != context.User) return (Forbidden, $"Forbidden: job {id} does not belong to you.");
        (string state, int walltime, int granted) = server.Read(_ => (job.State, job.Walltime, job.Progress.WalltimeGranted));
        if (state != "Running") return (Forbidden, $"Forbidden: job {id} is not running.");
        int change = sign switch { '+' => seconds, '-' => -seconds, _ => seconds - walltime };
        if (change == 0) return (Bad, "Bad request: walltime change is null.");
        if (granted + change > Limit)
        {
            return (Forbidden,
                $"Forbidden: request cannot be updated because the walltime cannot increase by more than {OarFormat.Duration(Limit)}.");
        }
        if (options.Has("force")) return (Forbidden, $"Forbidden: walltime change for job {id} is not allowed to be forced.");
        if (options.Has("delay-next-jobs")) return (Forbidden, $"Forbidden: walltime change for job {id} is not allowed to delay other jobs.");
        bool isUpdate = server.RequestWalltime(job, change);
        return (0, $"Accepted: walltime change request {(isUpdate ? "updated" : "accepted")} for job {id}, it will be handled shortly.");
    }

    static (int, string) Query(OarJob? job, long id)
    {
        if (job is null) return (UnknownInQuery, "UNKNOWN JOB");
        string title = $"Walltime change status for job {id}";
        JobProgress progress = job.Progress;
        if (job.State == "Running")
        {
            return (0, string.Join('\n',
                $"{title} (job is running):",
                Line("Current walltime:", OarFormat.Duration(job.Walltime), 20),
                Line("Possible increase:", OarFormat.SignedDuration(Limit), 20),
                Line("Already granted:", OarFormat.SignedDuration(progress.WalltimeGranted), 20),
                Line("Pending/unsatisfied:", OarFormat.SignedDuration(progress.WalltimePending), 20)));
        }
        if (!job.HasEnded && job.State != "Finishing") return (0, $"{title} (job is not running yet):\n  N/A");
        return (0, string.Join('\n',
            $"{title} (job is not running):",
            Line("Walltime:", OarFormat.Duration(job.Walltime), 12),
            Line("Granted:", OarFormat.SignedDuration(progress.WalltimeGranted), 12),
            Line("Unsatisfied:", OarFormat.SignedDuration(progress.WalltimePending), 12)));

        static string Line(string label, string value, int width) => $"  {label.PadRight(width)}{value,9}";
    }
}
