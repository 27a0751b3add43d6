using System.Globalization;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;
using WaltG5k.Testbed.Oar.Sql;

namespace WaltG5k.Testbed.Oar.Commands;

sealed class OarsubCommand(OarPart part) : OarCommand(part)
{
    static readonly TimeSpan s_admission = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan s_validation = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);

    /// <summary>What a shell makes of a program that was killed, and ssh of a connection that was lost.</summary>
    const int Killed = 137, Disconnected = 255;

    public override IReadOnlyList<string> Names { get; } = ["oarsub"];

    protected override async Task<int> RunAsync(string name, CommandContext context, OarServer server)
    {
        try
        {
            var options = new OarsubOptions(context, server.Now);
            if (options.Has("version")) return Print(context, OarPart.VersionLine);
            if (options.Has("help")) return Print(context, OarsubUsage.Text);
            if (options.Value("connect") is { } connect) return await ConnectAsync(context, server, connect).ConfigureAwait(false);
            if (options.Value("resubmit") is { } resubmit) return Resubmit(context, server, resubmit);
            await Task.Delay(s_admission, context.World.Time, context.Interrupted).ConfigureAwait(false);
            return await SubmitAsync(context, server, options).ConfigureAwait(false);
        }
        catch (OarsubException e)
        {
            if (e.OnStandardOutput) context.WriteLine(e.Message);
            else context.WriteErrorLine(e.Message);
            return e.ExitCode;
        }
    }

    static async Task<int> SubmitAsync(CommandContext context, OarServer server, OarsubOptions options)
    {
        Submission submission = new AdmissionRules(server, context.User, options, context.WriteLine).Apply();
        submission = submission with { Directory = options.Value("directory") ?? OarPart.CurrentDirectory(context) };
        if (!s_queues.Contains(submission.Queue)) throw new OarsubException(248, $"ERROR : The queue {submission.Queue} does not exist");
        if (Estimate(context, server, submission) is not int rows)
        {
            WriteIds(context, options, [-5]);
            context.WriteErrorLine("[ERROR] Oarsub failed, please verify your request syntax.");
            return 8;
        }
        bool answers = ServerAnswers(context);
        IEnumerable<Submission> all = options.Parameters is { } parameters
            ? parameters.Select(p => submission with { Command = $"{submission.Command} {p}" })
            : Enumerable.Repeat(submission, options.ArraySize);
        IReadOnlyList<OarJob> jobs = server.Submit([.. all], rows, answers);
        if (options.Parameters is not null) context.WriteErrorLine("Extended array job submission is used");
        else if (jobs.Count > 1) context.WriteErrorLine("Simple array job submission is used");
        WriteIds(context, options, [.. jobs.Select(j => j.Id)]);
        if (!answers)
        {
            // Not true: it stays, and starts when the server is back.
            context.WriteErrorLine("[ERROR] Cannot connect to executor localhost:6682. Job is killed.");
            return 9;
        }
        if (submission.IsReservation) return await ValidateAsync(context, server, jobs).ConfigureAwait(false);
        return submission.Interactive ? await ConnectWhenRunningAsync(context, server, jobs[0]).ConfigureAwait(false) : 0;
    }

    static readonly HashSet<string> s_queues = new(StringComparer.Ordinal) { "default", "production", "besteffort", "admin", "testing" };

    static int? Estimate(CommandContext context, OarServer server, Submission submission)
    {
        if (!submission.IsReservation && context.World.Faults.Strikes(FaultNames.OarRefuses, context.Site))
        {
            context.WriteErrorLine("There are not enough resources for your request");
            return null;
        }
        int? rows = null;
        foreach (ResourceRequest request in submission.Requests)
        {
            try
            {
                rows = server.Estimate(request, submission.Properties, submission.Queue);
            }
            catch (SqlException e)
            {
                context.WriteErrorLine($"Bad resource request (ERROR:  {e.Message}\n{Excerpt(request, submission, e)}");
                return null;
            }
            if (rows is not null) continue;
            context.WriteErrorLine("There are not enough resources for your request");
            return null;
        }
        return rows;
    }

    // The database shows the line around the place, cut on both sides, and a mark below.
    static string Excerpt(ResourceRequest request, Submission submission, SqlException e)
    {
        string line = $"WHERE ({submission.Properties}) AND ({request.Groups[0].Filter})";
        int start = Math.Clamp(e.Position, 0, Math.Max(0, line.Length - 30));
        return $"LINE 4: ...{line.AsSpan(start, Math.Min(50, line.Length - start))}...\n{")",62}";
    }

    static void WriteIds(CommandContext context, OarsubOptions options, long[] ids)
    {
        foreach (long id in ids) context.WriteLine(string.Create(CultureInfo.InvariantCulture, $"OAR_JOB_ID={id}"));
        if (ids.Length > 1) context.WriteLine(string.Create(CultureInfo.InvariantCulture, $"OAR_ARRAY_ID={ids[0]}"));
        if (!options.Has("json")) return;
        context.WriteLine("\n##########");
        foreach (long id in ids) context.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\n   \"job_id\" : {id}\n}}"));
        context.WriteLine("\n##########\n");
    }

    static async Task<int> ValidateAsync(CommandContext context, OarServer server, IReadOnlyList<OarJob> jobs)
    {
        context.WriteLine("# Advance reservation request: waiting for validation...");
        try
        {
            TimeSpan validation = context.World.Faults.Take(FaultNames.OarSlowValidation, context.Site)?.GetSeconds() ?? s_validation;
            await Task.Delay(validation, context.World.Time, context.Interrupted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Interrupted(context, server, jobs);
        }
        if (context.World.Faults.Strikes(FaultNames.OarsubKilled, context.Site))
        {
            foreach (OarJob job in jobs) server.LeaveUnacknowledged(job);
            return Killed;
        }
        string? refusal = null;
        foreach (OarJob job in jobs) refusal ??= server.Validate(job);
        if (context.IsAbandoned || context.World.Faults.Strikes(FaultNames.OarsubDisconnected, context.Site))
        {
            // It notices as it writes the verdict, and deletes what it has made even when that is good news.
            foreach (OarJob job in jobs.Where(j => !server.Read(_ => j.HasEnded))) server.Delete(job, context.User);
            return Disconnected;
        }
        context.WriteLine(refusal is null ? "# Reservation valid --> OK" : $"# Reservation not valid --> KO ({refusal})");
        return refusal is null ? 0 : 10;
    }

    static int Interrupted(CommandContext context, OarServer server, IReadOnlyList<OarJob> jobs)
    {
        foreach (OarJob job in jobs)
        {
            context.WriteErrorLine(string.Create(CultureInfo.InvariantCulture, $"Caught Interrupt (^C), Deleting the job {job.Id}..."));
            server.Delete(job, context.User);
        }
        context.WriteErrorLine("Job(s) deleted.");
        return 1;
    }

    static async Task<int> ConnectWhenRunningAsync(CommandContext context, OarServer server, OarJob job)
    {
        context.WriteLine("Interactive mode: waiting...");
        long? shown = null;
        while (true)
        {
            try
            {
                await Task.Delay(s_poll, context.World.Time, context.Interrupted).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return Interrupted(context, server, [job]);
            }
            (string state, long? start, string message) = server.Read(_ => (job.State, job.Progress.ScheduledStart, job.Progress.Message));
            if (state is "Error" or "Terminated")
            {
                context.WriteLine("JOB KILLED");
                return 11;
            }
            if (state == "Running") return await TalkAsync(context, server, job).ConfigureAwait(false);
            if (start is null || start == shown || state != "Waiting") continue;
            shown = start;
            context.WriteLine($"[{OarFormat.Date(server.Now)}] Start prediction: {OarFormat.Date(start.Value)} ({message})");
        }
    }

    // The job ends with its shell. Where nobody can type, that is at once.
    static async Task<int> TalkAsync(CommandContext context, OarServer server, OarJob job)
    {
        context.WriteLine("Starting...");
        try
        {
            await JobShell.RunAsync(context, server, job).ConfigureAwait(false);
            return 0;
        }
        finally
        {
            server.Delete(job, context.User);
        }
    }

    static async Task<int> ConnectAsync(CommandContext context, OarServer server, string given)
    {
        (string State, string User)? job = TryParseId(given, out long id)
            ? server.Read<(string, string)?>(_ => server.Find(id) is { } found ? (found.State, found.User) : null)
            : null;
        if (job?.State == "Running" && job.Value.User == context.User)
        {
            await JobShell.RunAsync(context, server, server.Read(_ => server.Find(id)!)).ConfigureAwait(false);
            return 0;
        }
        if (job?.State != "Running") context.WriteErrorLine($"[ERROR] the job {given} is not running. Its current state is {job?.State}.");
        if (job?.User != context.User)
        {
            context.WriteErrorLine($"[ERROR] you are not the right user for the job {given}. This job is owned by {job?.User}.");
        }
        return 20;
    }

    static int Resubmit(CommandContext context, OarServer server, string given)
    {
        OarJob? job = TryParseId(given, out long id) ? server.Read(_ => server.Find(id)) : null;
        string? refusal = job is null ? "Unknown error (0)."
            : job.User != context.User ? "You are not the right user."
            : job.JobType == "INTERACTIVE" || job.Submission.IsReservation ? "An interactive job or a reservation cannot be resubmitted."
            : !server.Read(_ => job.HasEnded) ? "The job must be in Error or Terminated state."
            : null;
        if (refusal is not null)
        {
            context.WriteLine($"Resubmitting job {given}...");
            context.WriteErrorLine($"[ERROR] {refusal}");
            return 4;
        }
        bool answers = ServerAnswers(context);
        Submission copy = job!.Submission with { ResubmitJobId = job.Id, ArrayId = 0, ArrayIndex = 1 };
        int rows = server.Estimate(copy.Requests[0], copy.Properties, copy.Queue) ?? 0;
        OarJob made = server.Submit([copy], rows, answers)[0];
        context.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Resubmitting job {given}...DONE\nOAR_JOB_ID={made.Id}"));
        if (answers) return 0;
        context.WriteErrorLine("[ERROR] Cannot connect to executor localhost:6681. Is OAR started?");
        return 3;
    }

    static int Print(CommandContext context, string text)
    {
        context.WriteLine(text);
        return 0;
    }
}
