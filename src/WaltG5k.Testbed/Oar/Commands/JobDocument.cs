using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>A job as <c>oarstat -J</c> shows it.</summary>
static class JobDocument
{
    /// <param name="full">With the keys that only <c>-f</c> shows.</param>
    /// <param name="viewer">Others than the owner do not see the request.</param>
    public static Dictionary<string, object?> Create(OarServer server, OarJob job, bool full, string viewer)
    {
        Submission asked = job.Submission;
        JobProgress progress = job.Progress;
        var document = new Dictionary<string, object?>
        {
            ["Job_Id"] = job.Id,
            ["array_id"] = job.ArrayId,
            ["array_index"] = asked.ArrayIndex,
            ["resubmit_job_id"] = asked.ResubmitJobId,
            ["name"] = job.Name,
            ["cpuset_name"] = null,
            ["project"] = asked.Project,
            ["queue"] = asked.Queue,
            ["owner"] = job.User,
            ["launchingDirectory"] = asked.Directory,
            ["stdout_file"] = job.StandardOutputFile,
            ["stderr_file"] = job.StandardErrorFile,
            ["message"] = progress.Message,
            ["properties"] = asked.Properties,
            ["state"] = job.State,
            ["jobType"] = job.JobType,
            ["reservation"] = progress.Reservation,
            ["command"] = asked.Command,
            ["types"] = asked.Types,
            ["dependencies"] = asked.Dependencies,
            ["submissionTime"] = asked.SubmissionTime,
            ["startTime"] = progress.StartTime,
            ["assigned_resources"] = AssignedIds(server, job),
            ["assigned_network_address"] = AssignedHosts(job),
        };
        if (!full) return document;
        document["initial_request"] = viewer == job.User ? asked.InitialRequest : "";
        document["wanted_resources"] = job.WantedResources;
        document["job_user"] = job.User;
        document["stopTime"] = progress.StopTime;
        document["scheduledStart"] = progress.ScheduledStart;
        document["walltime"] = progress.Walltime;
        document["exit_code"] = progress.ExitCode;
        document["events"] = progress.Events.Select(e => EventDocument(job, e)).ToList();
        if (job is { IsAcceptedReservation: true, State: "Waiting" }) document["reserved_resources"] = ReservedResources(server, job);
        return document;
    }

    /// <summary>Rows of the table that the job has or had; none before its launch.</summary>
    public static IReadOnlyList<int> AssignedIds(OarServer server, OarJob job) => [.. AssignedUnits(server, job).SelectMany(u => u.Ids).Order()];

    public static IEnumerable<ResourceUnit> AssignedUnits(OarServer server, OarJob job) =>
        job.Progress.Launched ? server.Table.UnitsOf(job.Units!) : [];

    public static IReadOnlyList<string> AssignedHosts(OarJob job) =>
        job.Progress.Launched ? [.. job.Nodes.Select(n => n.Name).Order(StringComparer.Ordinal)] : [];

    public static Dictionary<string, object?> EventDocument(OarJob job, JobEvent e) => new()
    {
        ["event_id"] = e.Id,
        ["job_id"] = job.Id,
        ["type"] = e.Type,
        ["date"] = e.Date,
        ["description"] = e.Description,
        ["to_check"] = e.ToCheck ? "YES" : "NO",
    };

    static Dictionary<string, object?> ReservedResources(OarServer server, OarJob job)
    {
        var reserved = new Dictionary<string, object?>();
        foreach (ResourceUnit unit in server.Table.UnitsOf(job.Units!))
        {
            foreach (int id in unit.Ids)
            {
                reserved[id.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new Dictionary<string, object?>
                {
                    ["network_address"] = unit.NetworkAddress,
                    ["current_state"] = unit.State,
                };
            }
        }
        return reserved;
    }
}
