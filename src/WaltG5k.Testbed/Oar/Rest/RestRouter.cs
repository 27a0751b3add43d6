using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Commands;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed.Oar.Rest;

/// <summary>Finds what a request is about.</summary>
static class RestRouter
{
    const string ApiVersion = "1.0.2";

    public static async Task<RestAnswer> AnswerAsync(RestCall call)
    {
        bool databaseDown = call.World.Faults.Strikes(FaultNames.OarDatabaseDown, call.Server.Site);
        string[] names = call.Names;
        if (names is not ([] or ["version"] or ["timezone"] or ["whoami"]) && databaseDown)
        {
            if (call.Method == "GET") return Fail(call, 500, "Cannot connect to the database", "Cannot connect to the database");
            // As its oarsub does, it tries again until the database is back; then it does what was asked, even if nobody waits for the answer any
            // more.
            do await Task.Delay(OarCommand.DatabaseRetry, call.World.Time, call.Ended).ConfigureAwait(false);
            while (call.World.Faults.Strikes(FaultNames.OarDatabaseDown, call.Server.Site));
        }
        switch (call.Method, names)
        {
            case ("POST", ["jobs"]): return await RestActions.SubmitAsync(call).ConfigureAwait(false);
            case ("POST", ["jobs", string id]): return await RestActions.ActAsync(call, id).ConfigureAwait(false);
            case ("POST", ["jobs", string id, string what, "new"]): return await RestActions.ActByPathAsync(call, id, what, null)
                .ConfigureAwait(false);
            case ("POST", ["jobs", string id, "signals", string signal]): return await RestActions.ActByPathAsync(call, id, "signals", signal)
                .ConfigureAwait(false);
            case ("DELETE", ["jobs", string id]): return await RestActions.DeleteAsync(call, id).ConfigureAwait(false);
            case ("GET" or "HEAD", _): return call.Server.Read(random => Get(call, names, random));
            default: return Fail(call, 404, "Not found", "Could not understand the request");
        }
    }

    static RestAnswer Get(RestCall call, string[] names, Random random)
    {
        switch (names)
        {
            case []: return RestAnswer.Of(200, Root(call), random, "GET");
            case ["version"]: return RestAnswer.Of(200, Version(call), random, "GET");
            case ["timezone"]: return RestAnswer.Of(200, new Dictionary<string, object?> { ["api_timestamp"] = call.Now, ["timezone"] = Zone(call) },
                random, "GET");
            case ["whoami"]: return RestAnswer.Of(200,
                new Dictionary<string, object?> { ["api_timestamp"] = call.Now, ["authenticated_user"] = call.User ?? "" }, random, "GET");
            case ["jobs"]: return RestAnswer.Of(200, RestLists.Jobs(call, j => RestDocuments.JobItem(call, j)), random, "GET, POST");
            case ["jobs", "details"]: return RestAnswer.Of(200, RestLists.Jobs(call, j => RestDocuments.ListedJob(call, j)), random, "GET");
            case ["jobs", "table"]: return RestAnswer.Of(200, RestLists.Jobs(call, j => RestDocuments.JobRow(call, j)), random, "GET");
            case ["jobs", string id, .. string[] rest]: return GetJob(call, id, rest, random);
            case ["resources"]: return RestAnswer.Of(200, RestLists.Resources(call, r => RestDocuments.ResourceItem(call, r)), random, "GET, POST");
            case ["resources", "details"]: return RestAnswer.Of(200, RestLists.Resources(call, r => RestDocuments.Resource(call, r)), random, "GET");
            case ["resources", "nodes", string host]:
                // The process dies of a host that it does not know.
                return call.Server.Table.FindHost(host) is { } unit
                    ? RestAnswer.Of(200, RestLists.All(call, ResourceTable.RowsOf(unit).Select(r => RestDocuments.ResourceItem(call, r))), random,
                    "GET")
                    : RestAnswer.BadGateway;
            case ["resources", string id, .. string[] rest] when int.TryParse(id, out int number):
                if (call.Server.Table.FindRow(number) is not { } row)
                return RestAnswer.Error(404, "Resource not found", "Resource not found", random);
                return rest is ["jobs"]
                    ? RestAnswer.Of(200, RestLists.All(call, Holders(call, row).Select(j => RestDocuments.JobLink(call, j))), random, "GET")
                    : RestAnswer.Of(200, RestDocuments.Resource(call, row), random, "GET, DELETE");
            default: return RestAnswer.Error(404, "Not found", "Could not understand the request", random);
        }
    }

    static RestAnswer GetJob(RestCall call, string id, string[] rest, Random random)
    {
        if (string.IsNullOrEmpty(call.User)) return RestAnswer.Error(401, "Permission denied",
            "A suitable authentication must be done before looking at jobs", random);
        if (!OarCommand.TryReadId(id, out long number) || call.Server.Find(number) is not { } job)
            return RestAnswer.Error(404, "Job not found", "Job not found", random);
        const string allow = "GET, POST, PUT, DELETE";
        return rest switch
        {
            [] => RestAnswer.Of(200, RestDocuments.Job(call, job), random, allow),
            ["details"] => RestAnswer.Of(200, RestDocuments.DetailedJob(call, job), random, allow),
            ["nodes"] => RestAnswer.Of(200, RestLists.All(call, RestDocuments.NodesOf(call, job)), random, "GET"),
            ["resources"] => RestAnswer.Of(200, RestLists.All(call, RestDocuments.ResourcesOf(call, job)), random, "GET"),
            _ => RestAnswer.Error(404, "Not found", "Could not understand the request", random),
        };
    }

    static IEnumerable<OarJob> Holders(RestCall call, ResourceRow row) => call.Server.OpenJobs.Where(j => j.IsActive && j.Units![row.Unit.Index]);

    static Dictionary<string, object?> Version(RestCall call) => new()
    {
        ["api_version"] = ApiVersion,
        ["apilib_version"] = ApiVersion,
        ["oar_version"] = OarPart.VersionLine["OAR version : ".Length..],
        ["api_timezone"] = Zone(call),
        ["api_timestamp"] = call.Now,
    };

    static Dictionary<string, object?> Root(RestCall call)
    {
        Dictionary<string, object?> document = Version(call);
        document["links"] = (object?[])
        [
            Link("self", "./", null), Link("collection", "resources", "resources"), Link("collection", "resources/details", "full_resources"),
            Link("collection", "jobs", "jobs"), Link("collection", "jobs/details", "detailed_jobs"), Link("collection", "jobs/table", "jobs_table"),
            Link("collection", "config", "config"), Link("collection", "admission_rules", "admission_rules"),
        ];
        return document;

        static Dictionary<string, object?> Link(string rel, string path, string? title) => RestDocuments.Link(rel, "/oarapi/" + path, title);
    }

    static string Zone(RestCall call) => ParisTime.Zone.IsDaylightSavingTime(DateTimeOffset.FromUnixTimeSeconds(call.Now)) ? "CEST" : "CET";

    static RestAnswer Fail(RestCall call, int status, string title, string message) =>
        call.Server.Read(random => RestAnswer.Error(status, title, message, random));
}
