using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Testbed.Oar.Commands;

sealed class OardelCommand(OarPart part) : OarCommand(part)
{
    const string Usage = "Usage: oardel [options] job_id [job_id2 job_id3 ...]";
    const int NotYours = 1, ServerIsDown = 2, NotAnId = 4, NotRunning = 5, AlreadyKilled = 6, Interactive = 7;

    static readonly OptionRule[] s_rules =
    [
        OptionRule.Value("array"), OptionRule.Value("sql"), OptionRule.Value("signal|s"), OptionRule.Flag("checkpoint|c"),
            OptionRule.Flag("besteffort|b"),
        OptionRule.Flag("force-terminate-finishing-job"), OptionRule.Flag("version|V"), OptionRule.Flag("help|h"),
    ];

    public override IReadOnlyList<string> Names { get; } = ["oardel"];

    protected override Task<int> RunAsync(string name, CommandContext context, OarServer server) => Task.FromResult(Run(context, server));

    static int Run(CommandContext context, OarServer server)
    {
        ParsedOptions options = OptionParser.Parse(context.Arguments, s_rules);
        if (options.Errors.Count > 0)
        {
            foreach (string error in options.Errors) context.WriteErrorLine(error);
            return NotYours;
        }
        if (options.Has("version")) return Print(context, OarPart.VersionLine, 0);
        if (options.Has("besteffort") || options.Has("force-terminate-finishing-job")) return Refuse(context, "[ERROR] You must be oar or root.", 8);
        var (ids, exitCode) = ReadIds(context, server, options);
        if (ids.Count == 0) return exitCode != 0 ? exitCode : Print(context, Usage, NotYours);
        if (options.Has("checkpoint") || options.Has("signal"))
        {
            foreach (long id in ids) exitCode = Signal(context, server, id, options.Value("signal")) is not 0 and var failure ? failure : exitCode;
            return exitCode;
        }
        return Delete(context, server, ids, exitCode);
    }

    static (List<long> Ids, int ExitCode) ReadIds(CommandContext context, OarServer server, ParsedOptions options)
    {
        var ids = new List<long>();
        int exitCode = 0;
        if (options.Value("array") is { } array && TryParseId(array, out long arrayId))
        {
            ids.AddRange(server.Read(_ => server.Jobs.Values.Where(j => j.ArrayId == arrayId).Select(j => j.Id).ToList()));
        }
        if (options.Value("sql") is { } sql) ids.AddRange(server.Read(_ => OarstatCommand.SelectBySql(server, sql).Select(j => j.Id).ToList()));
        foreach (string text in options.Operands)
        {
            if (TryParseId(text, out long id)) ids.Add(id);
            else exitCode = Refuse(context, $"[ERROR] \"{text}\" is not a valid job identifier", NotAnId);
        }
        return (ids, exitCode);
    }

    // The exit status is that of the last failure.
    static int Delete(CommandContext context, OarServer server, List<long> ids, int exitCode)
    {
        bool answers = ServerAnswers(context);
        var registered = new List<long>();
        foreach (long id in ids)
        {
            string text = id.ToString(System.Globalization.CultureInfo.InvariantCulture);
            OarJob? job = server.Read(_ => server.Find(id));
            bool isOwn = job?.User == context.User;
            if (isOwn && server.Delete(job!, context.User, answers))
            {
                context.WriteLine($"Deleting the job = {text} ...REGISTERED.");
                registered.Add(id);
                continue;
            }
            context.WriteLine($"Deleting the job = {text} ...ERROR.");
            exitCode = isOwn
                ? Refuse(context, $"Cannot frag {text} ; This job was already killed.", AlreadyKilled)
                : Refuse(context, $"Cannot frag {text} ; You are not the right user.", NotYours);
        }
        if (registered.Count == 0) return exitCode;
        if (!answers) return Refuse(context, "Could not connect to the socket localhost:6682", ServerIsDown);
        context.WriteLine($"The job(s) [ {string.Join(' ', registered)} ] will be deleted in the near future.");
        return exitCode;
    }

    /// <param name="signal">Null: the checkpoint signal.</param>
    static int Signal(CommandContext context, OarServer server, long id, string? signal)
    {
        string text = id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string what = signal is null ? "checkpoint" : "signal";
        OarJob? known = server.Read(_ => server.Find(id));
        (string User, string State, string Host)? job = known is null
            ? null
            : server.Read(_ => (known.User, known.State, JobEnvironment.HostOf(known)));
        string attempt = signal is null ? $"Checkpointing the job {text} ..." : $"Signaling the job {text} with {signal} signal.";
        string failed = signal is null ? "ERROR." : "\nERROR.";
        if (job?.User != context.User)
        {
            context.WriteLine(attempt + failed);
            return Refuse(context, $"Cannot {what} {text} ; You are not the right user.", NotYours);
        }
        if (job.Value.State != "Running")
        {
            context.WriteLine(attempt + failed);
            return Refuse(context, $"Cannot {what} {text} ; This job is not running.", NotRunning);
        }
        if (signal is null && known!.JobType == "INTERACTIVE")
        {
            context.WriteLine(attempt + failed);
            return Refuse(context, $"Cannot {what} {text} ; The job is interactive.", Interactive);
        }
        context.WriteLine(attempt + (signal is null ? "DONE." : "\nDONE."));
        server.Signal(known!, signal, signal is null ? known!.Submission.CheckpointSignal : NumberOf(signal));
        string notified = signal is null ? "to checkpoint itself" : $"to signal itself with {signal}";
        context.WriteLine($"The job {text} was notified {notified} on {job.Value.Host}.");
        return 0;
    }

    static int NumberOf(string signal) => int.TryParse(signal, out int number) ? number : signal switch
    {
        "SIGHUP" => 1, "SIGINT" => 2, "SIGQUIT" => 3, "SIGKILL" => 9, "SIGUSR1" => 10, "SIGUSR2" => 12, _ => 15,
    };

    static int Print(CommandContext context, string text, int exitCode)
    {
        context.WriteLine(text);
        return exitCode;
    }

    static int Refuse(CommandContext context, string text, int exitCode)
    {
        context.WriteErrorLine(text);
        return exitCode;
    }
}
