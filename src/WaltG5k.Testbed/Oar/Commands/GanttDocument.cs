using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>What <c>oarstat --gantt</c> shows of a period: jobs that run or are predicted in it, and all resources.</summary>
static class GanttDocument
{
    public static Dictionary<string, object?> Create(OarServer server, long from, long to) => new()
    {
        ["jobs"] = server.Jobs.Values.Where(j => Overlaps(j, from, to)).ToDictionary(j => Text(j.Id), object? (j) => CreateJob(server, j)),
        ["resources"] = server.Table.Rows.Select(ResourceDocument.Create).ToList(),
        ["dead_resources"] = server.Table.Rows.Where(r => r.Unit.State == "Dead")
        .ToDictionary(r => Text(r.Id), object? (r) => ResourceDocument.Create(r)),
    };

    static bool Overlaps(OarJob job, long from, long to) =>
        job.Units is not null && StartOf(job) is > 0 and var start && start < to && StopOf(job) > from;

    static long StartOf(OarJob job) => job.IsWaiting ? job.Progress.ScheduledStart ?? 0 : job.Progress.StartTime;
    static long StopOf(OarJob job) => job.Progress.StopTime > 0 ? job.Progress.StopTime : StartOf(job) + job.Walltime;

    static Dictionary<string, object?> CreateJob(OarServer server, OarJob job)
    {
        ResourceRow[] rows = [.. server.Table.UnitsOf(job.Units!).SelectMany(ResourceTable.RowsOf).OrderBy(r => r.Id)];
        return new Dictionary<string, object?>
        {
            ["job_id"] = job.Id,
            ["job_name"] = job.Name,
            ["user"] = job.User,
            ["state"] = job.State,
            ["queue_name"] = job.Submission.Queue,
            ["project"] = job.Submission.Project,
            ["job_type"] = job.JobType,
            // Once for each resource.
            ["types"] = rows.SelectMany(_ => job.Submission.Types).ToList(),
            ["properties"] = job.Submission.Properties,
            ["command"] = job.Submission.Command,
            ["launching_directory"] = job.Submission.Directory,
            ["submission_time"] = job.Submission.SubmissionTime,
            ["start_time"] = StartOf(job),
            ["stop_time"] = StopOf(job),
            ["walltime"] = job.Walltime,
            ["resource_id"] = rows.Select(r => r.Id).ToList(),
            ["network_address"] = rows.Select(r => r.Unit.NetworkAddress).Distinct().ToList(),
        };
    }

    static string Text(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
