using System.Globalization;
using System.Text.Json;

namespace WaltG5k.Testbed.Api;

/// <summary>OAR's jobs, as the API shows them.</summary>
sealed class JobResources(TestbedWorld world)
{
    const int DefaultLimit = 50;
    const int MaximalLimit = 500;

    /// <summary>A page of the site's jobs, newest first.</summary>
    public ApiAnswer GetAll(ApiRequest request, SiteModel site)
    {
        // The filter capitalises each word and knows no other spelling: toLaunch can never match.
        string[]? states = request.GetList("state")?.Select(s => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(s.ToLowerInvariant())).ToArray();
        int offset = request.GetNumber("offset", 0);
        int limit = Math.Min(request.GetNumber("limit", DefaultLimit), MaximalLimit);
        bool withResources = request.Asks("resources", false);
        lock (world.Sync)
        {
            JobModel[] all =
            [
                .. world.Jobs.Values.Where(j => j.Site == site.Name
                    && (states is null || states.Contains(j.State))
                    && Matches(request.Query["user"], j.User) && Matches(request.Query["name"], j.Name)
                    && Matches(request.Query["project"], j.Details.Project) && Matches(request.Query["queue"], j.Details.Queue))
                    .OrderByDescending(j => j.Id),
            ];
            return ApiAnswer.Collection(request, json => json.WriteCollection(request, $"/sites/{site.Name}/jobs", [.. all.Skip(offset).Take(limit)],
                job => WriteItem(json, request, job, withResources), total: all.Length, offset: offset));
        }
    }

    public ApiAnswer? Get(ApiRequest request, SiteModel site, string id)
    {
        lock (world.Sync)
        {
            return long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                && world.Jobs.TryGetValue((site.Name, number), out JobModel? job)
                ? ApiAnswer.Item(request, json => WriteItem(json, request, job, withResources: true))
                : NotFound(id);
        }
    }

    /// <summary>The walltime of a job and its changes, durations as OAR writes them.</summary>
    public ApiAnswer GetWalltime(ApiRequest request, SiteModel site, string id)
    {
        lock (world.Sync)
        {
            if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                || !world.Jobs.TryGetValue((site.Name, number), out JobModel? job)) return NotFound(id);
            string path = $"/sites/{site.Name}/jobs/{id}";
            JobDetails details = job.Details;
            return ApiAnswer.Item(request, json =>
            {
                json.WriteStartObject();
                json.WriteString("walltime", Oar.OarFormat.Duration(details.Walltime));
                json.WriteString("possible", job.IsRunning ? Oar.OarFormat.SignedDuration(Oar.Commands.OarwalltimeCommand.Limit) : "0:0:0");
                json.WriteString("pending", Oar.OarFormat.SignedDuration(details.WalltimePending));
                json.WriteString("granted", Oar.OarFormat.SignedDuration(details.WalltimeGranted));
                json.WriteNumber("uid", number);
                json.WriteLinks(request, path + "/walltime", path);
                json.WriteEndObject();
            });
        }
    }

    public static ApiAnswer NotFound(string id) => ApiAnswer.Text(404, $"Couldn't find OAR::Job with 'job_id'=\"{id}\"");

    /// <summary>The fields that a job has everywhere, without links. What it does not have is left out.</summary>
    /// <param name="inStatus">As the status of a site shows it: without events.</param>
    public static void WriteFields(Utf8JsonWriter json, JobModel job, bool inStatus = false)
    {
        JobDetails details = job.Details;
        json.WriteNumber("uid", job.Id);
        json.WriteString("user_uid", job.User);
        json.WriteString("user", job.User);
        json.WriteNumber("walltime", details.Walltime);
        json.WriteString("queue", details.Queue);
        json.WriteString("state", job.State.ToLowerInvariant());
        json.WriteString("project", details.Project);
        json.WriteIfAny("name", job.Name);
        json.WriteTexts("types", job.Types);
        json.WriteString("mode", details.Mode);
        json.WriteIfAny("command", details.Command);
        WriteDate(json, "submitted_at", details.SubmittedAt);
        WriteDate(json, "scheduled_at", details.ScheduledAt);
        // While the job waits, the predicted start stands here, but not in the status.
        bool waits = job.State is "Waiting" or "Hold" or "toAckReservation";
        if (inStatus) json.WriteNumber("started_at", waits ? 0 : details.StartedAt);
        else WriteDate(json, "started_at", details.StartedAt == 0 ? details.ScheduledAt : details.StartedAt);
        WriteDate(json, "stopped_at", details.StoppedAt);
        json.WriteIfAny("message", details.Message);
        if (details.ExitCode is { } code) json.WriteNumber("exit_code", code);
        json.WriteIfAny("properties", details.Properties);
        json.WriteIfAny("directory", details.Directory);
        if (inStatus) return;
        json.WriteStartArray("events");
        foreach (JobEventDetails happened in details.Events)
        {
            json.WriteStartObject();
            json.WriteNumber("uid", happened.Id);
            json.WriteNumber("created_at", happened.CreatedAt);
            json.WriteString("type", happened.Type);
            json.WriteString("description", happened.Description);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteItem(Utf8JsonWriter json, ApiRequest request, JobModel job, bool withResources)
    {
        string sitePath = $"/sites/{job.Site}";
        json.WriteStartObject();
        WriteFields(json, job);
        json.WriteLinks(request, $"{sitePath}/jobs/{job.Id.ToString(CultureInfo.InvariantCulture)}", sitePath);
        if (withResources)
        {
            json.WriteStartObject("resources_by_type");
            if (job.Nodes.Count > 0)
                json.WriteTexts("cores", job.Nodes.SelectMany(n => Enumerable.Range(0, n.Cluster.Cores),
                    (n, core) => string.Create(CultureInfo.InvariantCulture, $"{n.Name}/{core}")));
            if (job.Subnets.Count > 0) json.WriteTexts("subnets", job.Subnets);
            if (job.Vlans.Count > 0) json.WriteTexts("vlans", job.Vlans.Select(v => v.Id.ToString(CultureInfo.InvariantCulture)));
            json.WriteEndObject();
            json.WriteTexts("assigned_nodes", job.Nodes.Select(n => n.Name));
        }
        json.WriteEndObject();
    }

    static void WriteDate(Utf8JsonWriter json, string name, long epoch)
    {
        if (epoch != 0) json.WriteNumber(name, epoch);
    }

    static bool Matches(string? wanted, string? value) => wanted is null || wanted == value;
}
