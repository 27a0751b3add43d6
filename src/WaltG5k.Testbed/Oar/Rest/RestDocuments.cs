using System.Globalization;
using WaltG5k.Testbed.Oar.Commands;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Rest;

/// <summary>Jobs, nodes and resources as the interface shows them.</summary>
static class RestDocuments
{
    public static Dictionary<string, object?> Link(string rel, string href, string? title = null)
    {
        var link = new Dictionary<string, object?> { ["rel"] = rel, ["href"] = href };
        if (title is not null) link["title"] = title;
        return link;
    }

    public static Dictionary<string, object?> JobItem(RestCall call, OarJob job) => new()
    {
        ["id"] = job.Id,
        ["name"] = job.Name,
        ["owner"] = job.User,
        ["queue"] = job.Submission.Queue,
        ["state"] = job.State,
        ["submission"] = job.Submission.SubmissionTime,
        ["links"] = JobLinks(job),
        ["api_timestamp"] = call.Now,
    };

    public static Dictionary<string, object?> JobLink(RestCall call, OarJob job) => new()
    {
        ["id"] = job.Id,
        ["links"] = JobLinks(job),
        ["api_timestamp"] = call.Now,
    };

    public static Dictionary<string, object?> Job(RestCall call, OarJob job)
    {
        Submission asked = job.Submission;
        JobProgress progress = job.Progress;
        return new Dictionary<string, object?>
        {
            ["id"] = job.Id,
            ["name"] = job.Name,
            ["owner"] = job.User,
            ["state"] = job.State,
            ["type"] = job.JobType,
            ["types"] = asked.Types,
            ["queue"] = asked.Queue,
            ["project"] = asked.Project,
            ["command"] = asked.Command,
            ["launching_directory"] = asked.Directory,
            ["properties"] = asked.Properties,
            ["reservation"] = progress.Reservation,
            ["wanted_resources"] = job.WantedResources,
            ["initial_request"] = call.User == job.User ? asked.InitialRequest : "",
            ["submission_time"] = asked.SubmissionTime,
            ["scheduled_start"] = progress.ScheduledStart,
            ["start_time"] = progress.StartTime,
            ["stop_time"] = progress.StopTime,
            ["walltime"] = progress.Walltime,
            ["message"] = progress.Message,
            ["events"] = progress.Events.Select(e => JobDocument.EventDocument(job, e)).ToList(),
            ["exit_code"] = progress.ExitCode,
            ["cpuset_name"] = null,
            ["array_id"] = job.ArrayId,
            ["array_index"] = asked.ArrayIndex,
            ["dependencies"] = asked.Dependencies,
            ["resubmit_job_id"] = asked.ResubmitJobId,
            ["stdout_file"] = job.StandardOutputFile,
            ["stderr_file"] = job.StandardErrorFile,
            ["links"] = JobLinks(job),
            ["walltime-change"] = WalltimeChange(job),
            ["api_timestamp"] = call.Now,
        };
    }

    public static Dictionary<string, object?> DetailedJob(RestCall call, OarJob job)
    {
        Dictionary<string, object?> document = Job(call, job);
        document["nodes"] = NodesOf(call, job).ToList();
        document["resources"] = ResourcesOf(call, job).ToList();
        return document;
    }

    /// <summary>The same in a list, where some of it is not filled in.</summary>
    public static Dictionary<string, object?> ListedJob(RestCall call, OarJob job)
    {
        Dictionary<string, object?> document = DetailedJob(call, job);
        document.Remove("walltime-change");
        document["array_index"] = document["resubmit_job_id"] = null;
        return document;
    }

    /// <summary>A row of the database's table.</summary>
    public static Dictionary<string, object?> JobRow(RestCall call, OarJob job)
    {
        Submission asked = job.Submission;
        return new Dictionary<string, object?>
        {
            ["job_id"] = job.Id,
            ["Job_Id"] = job.Id,
            ["id"] = job.Id,
            ["job_name"] = job.Name,
            ["job_user"] = job.User,
            ["job_type"] = job.JobType,
            ["queue_name"] = asked.Queue,
            ["project"] = asked.Project,
            ["state"] = job.State,
            ["command"] = asked.Command,
            ["launching_directory"] = asked.Directory,
            ["properties"] = asked.Properties,
            ["reservation"] = job.Progress.Reservation,
            ["initial_request"] = asked.InitialRequest,
            ["submission_time"] = asked.SubmissionTime,
            ["start_time"] = job.Progress.StartTime,
            ["stop_time"] = job.Progress.StopTime,
            ["walltime"] = job.Progress.Walltime,
            ["message"] = job.Progress.Message,
            ["exit_code"] = job.Progress.ExitCode,
            ["array_id"] = job.ArrayId,
            ["assigned_moldable_job"] = job.Id % 100_000,
            ["stdout_file"] = asked.StandardOutput ?? RawFile(job, "stdout"),
            ["stderr_file"] = asked.StandardError ?? RawFile(job, "stderr"),
            ["links"] = JobLinks(job),
            ["api_timestamp"] = call.Now,
        };

        // The place of the id is not filled in here.
        static string RawFile(OarJob job, string stream) => job.Name is null ? $"OAR.%jobid%.{stream}" : $"OAR.{job.Name}.%jobid%.{stream}";
    }

    /// <summary>VLANs and subnets are no nodes.</summary>
    public static IEnumerable<Dictionary<string, object?>> NodesOf(RestCall call, OarJob job) =>
        UnitsOf(call, job).Where(u => u.Node is not null).Select(u => new Dictionary<string, object?>
        {
            ["network_address"] = u.NetworkAddress,
            ["status"] = StatusOf(job),
            ["links"] = (object?[])[Link("self", $"/oarapi/resources/nodes/{u.NetworkAddress}")],
            ["api_timestamp"] = call.Now,
        });

    public static IEnumerable<Dictionary<string, object?>> ResourcesOf(RestCall call, OarJob job) =>
        UnitsOf(call, job).SelectMany(ResourceTable.RowsOf).Select(r =>
        {
            Dictionary<string, object?> document = Resource(call, r);
            document["status"] = StatusOf(job);
            document["cpuset"] = Convert.ToString(document["cpuset"], CultureInfo.InvariantCulture);
            return document;
        });

    public static Dictionary<string, object?> ResourceItem(RestCall call, ResourceRow row) => new()
    {
        ["id"] = row.Id,
        ["network_address"] = row.Unit.NetworkAddress,
        ["state"] = row.Unit.State,
        ["available_upto"] = ResourceColumns.Find("available_upto")!.Get(row),
        ["links"] = ResourceLinks(row),
        ["api_timestamp"] = call.Now,
    };

    public static Dictionary<string, object?> Resource(RestCall call, ResourceRow row)
    {
        Dictionary<string, object?> document = ResourceDocument.Create(row);
        document.Remove("resource_id");
        document["id"] = row.Id;
        // A number here, and a text among the resources of a job.
        document["cpuset"] = row.Offset;
        document["links"] = ResourceLinks(row);
        document["api_timestamp"] = call.Now;
        return document;
    }

    static IEnumerable<ResourceUnit> UnitsOf(RestCall call, OarJob job) => job.Units is null ? [] : call.Server.Table.UnitsOf(job.Units);

    static string StatusOf(OarJob job) => job.Progress.Launched ? "assigned" : job.Submission.IsReservation ? "reserved" : "scheduled";

    static Dictionary<string, object?> WalltimeChange(OarJob job)
    {
        var change = new Dictionary<string, object?> { ["force"] = "FORBIDDEN", ["delay_next_jobs"] = "FORBIDDEN" };
        bool runs = job.State == "Running";
        change["possible"] = OarFormat.SignedDuration(runs ? OarwalltimeCommand.Limit : 0);
        if (!job.Progress.Launched) return change;
        change["walltime"] = OarFormat.Duration(job.Walltime);
        change["granted"] = OarFormat.SignedDuration(job.Progress.WalltimeGranted);
        change["pending"] = OarFormat.SignedDuration(job.Progress.WalltimePending);
        change["granted_with_force"] = "0:0:0";
        change["granted_with_delay_next_jobs"] = "0:0:0";
        return change;
    }

    static object?[] JobLinks(OarJob job)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/oarapi/jobs/{job.Id}");
        return [Link("self", path), Link("collection", path + "/resources", "resources"), Link("collection", path + "/nodes", "nodes")];
    }

    static object?[] ResourceLinks(ResourceRow row)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/oarapi/resources/{row.Id}");
        return [Link("member", $"/oarapi/resources/nodes/{row.Unit.NetworkAddress}", "node"), Link("self", path),
            Link("collection", path + "/jobs", "jobs")];
    }
}
