using System.Globalization;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>Jobs as text: tables, <c>-f</c>, <c>-p</c>, <c>-e</c>.</summary>
static class JobText
{
    const string Rule = "---------------------------------------------------------------------";

    public static IEnumerable<string> Table(IEnumerable<OarJob> jobs, long now)
    {
        yield return Row("Job id", "S", "User", "Duration", "System message");
        yield return Row(Rule[..9], "-", Rule[..8], Rule[..10], Rule[..48]);
        foreach (OarJob job in jobs) yield return Row(Number(job.Id), Letter(job), Cut(job.User, 8), Elapsed(job, now), job.Progress.Message);

        static string Row(string id, string state, string user, string duration, string message) =>
            $"{id,-9} {state} {user,-8} {duration,-10} {message}";
    }

    public static IEnumerable<string> ArrayTable(IEnumerable<OarJob> jobs, long now)
    {
        yield return Row("Job id", "A. id", "index", "S", "User", "Duration", "System message");
        yield return Row(Rule[..9], Rule[..9], Rule[..5], "-", Rule[..8], Rule[..10], Rule[..32]);
        foreach (OarJob job in jobs)
        {
            yield return Row(Number(job.Id), Number(job.ArrayId), Number(job.Submission.ArrayIndex), Letter(job), Cut(job.User, 8), Elapsed(job, now),
                job.Progress.Message);
        }

        static string Row(string id, string array, string index, string state, string user, string duration, string message) =>
            $"{id,-9} {array,-9} {index,-5} {state} {user,-8} {duration,-10} {message}";
    }

    public static IEnumerable<string> Full(OarServer server, OarJob job, string viewer)
    {
        Submission asked = job.Submission;
        JobProgress progress = job.Progress;
        yield return $"Job_Id: {Number(job.Id)}";
        yield return Line("job_array_id", Number(job.ArrayId));
        yield return Line("job_array_index", Number(asked.ArrayIndex));
        yield return Line("name", job.Name);
        yield return Line("project", asked.Project);
        yield return Line("owner", job.User);
        yield return Line("state", job.State);
        yield return Line("wanted_resources", job.WantedResources);
        yield return Line("types", string.Join(", ", asked.Types));
        yield return Line("dependencies", string.Join(' ', asked.Dependencies));
        yield return Line("assigned_resources", string.Join('+', JobDocument.AssignedIds(server, job)));
        yield return Line("assigned_hostnames", string.Join('+', JobDocument.AssignedHosts(job)));
        yield return Line("queue", asked.Queue);
        yield return Line("command", asked.Command);
        if (progress.ExitCode is int status) yield return Line("exit_code", $"{status} ({status >> 8},{status & 127},{(status >> 7) & 1})");
        yield return Line("launchingDirectory", asked.Directory);
        yield return Line("stdout_file", job.StandardOutputFile);
        yield return Line("stderr_file", job.StandardErrorFile);
        yield return Line("jobType", job.JobType);
        yield return Line("properties", asked.Properties);
        yield return Line("reservation", progress.Reservation);
        yield return Line("walltime", progress.Walltime is int walltime ? OarFormat.Duration(walltime) : "");
        yield return Line("submissionTime", OarFormat.Date(asked.SubmissionTime));
        if (progress.StartTime > 0) yield return Line("startTime", OarFormat.Date(progress.StartTime));
        if (progress.StopTime > 0) yield return Line("stopTime", OarFormat.Date(progress.StopTime));
        yield return Line("initial_request", viewer == job.User ? asked.InitialRequest : "");
        yield return Line("message", progress.Message);
        yield return Line("scheduledStart", progress.ScheduledStart is long start ? OarFormat.Date(start) : "no prediction");
        yield return Line("resubmit_job_id", Number(asked.ResubmitJobId));
        yield return Line("events", string.Concat(Events(job).Select(e => "\n" + e)));
        yield return "";

        static string Line(string key, string? value) => $"    {key} = {value}";
    }

    public static IEnumerable<string> Events(OarJob job) =>
        job.Progress.Events.Select(e => $"{OarFormat.Date(e.Date)}> [{Number(job.Id)}] {e.Type}: {e.Description}");

    /// <summary>One line for each row of the table, in random order of the properties; quotes within values stay as they are.</summary>
    public static IEnumerable<string> Properties(IEnumerable<ResourceUnit> units, Random random)
    {
        ResourceColumn[] columns = [.. ResourceColumns.All.Where(c => !c.IsInternal)];
        foreach (ResourceRow row in units.SelectMany(Resources.ResourceTable.RowsOf))
        {
            random.Shuffle(columns);
            yield return " " + string.Join(" , ", columns.Select(c => $"{c.Name} = '{Convert.ToString(c.Get(row), CultureInfo.InvariantCulture)}'"))
                + " ";
        }
    }

    static string Letter(OarJob job) => job.State switch
    {
        "toAckReservation" => "W",
        "toLaunch" => "L",
        _ => job.State[..1],
    };

    static string Elapsed(OarJob job, long now)
    {
        JobProgress progress = job.Progress;
        long seconds = progress.StartTime == 0 || job.IsWaiting
            ? 0
            : Math.Max(0, (progress.StopTime > 0 ? progress.StopTime : now) - progress.StartTime);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600,3}:{seconds / 60 % 60:00}:{seconds % 60:00}").PadLeft(10);
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
    static string Cut(string text, int length) => text.Length > length ? text[..length] : text;
}
