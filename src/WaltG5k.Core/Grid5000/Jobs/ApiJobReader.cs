using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>OAR's jobs from and to the API's JSON, which leaves out what is null and writes states in lower case.</summary>
static class ApiJobReader
{
    static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static OarJob Read(string site, JsonElement item)
    {
        OarJobState state = OarJobReader.ReadState(item.GetText("state"));
        // Before the start both hold OAR's prediction, under names that promise more.
        bool isStarted =
            state is not (OarJobState.Unknown or OarJobState.Waiting or OarJobState.Hold or OarJobState.ToLaunch or OarJobState.ToAckReservation);
        DateTimeOffset? start = item.GetDate("started_at");
        JsonElement? resources = item.GetObject("resources_by_type");
        return new OarJob
        {
            Site = site,
            Id = item.GetLong("uid") ?? 0,
            Name = item.GetText("name"),
            Owner = item.GetText("user") ?? item.GetText("user_uid") ?? "",
            State = state,
            Queue = item.GetText("queue") ?? "",
            Project = item.GetText("project"),
            Command = item.GetText("command"),
            Types = item.GetTexts("types"),
            Message = item.GetText("message") ?? "",
            Properties = item.GetText("properties"),
            Directory = item.GetText("directory"),
            IsInteractive = item.GetText("mode") == "INTERACTIVE",
            SubmittedAt = item.GetDate("submitted_at"),
            ScheduledAt = isStarted ? item.GetDate("scheduled_at") : start ?? item.GetDate("scheduled_at"),
            StartedAt = isStarted ? start : null,
            StoppedAt = item.GetDate("stopped_at"),
            Walltime = item.GetLong("walltime") is > 0 and <= int.MaxValue and { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ExitCode = item.GetLong("exit_code") is >= int.MinValue and <= int.MaxValue and { } code ? (int)code : null,
            Events = [.. item.GetItems("events").Select(ReadEvent)],
            Nodes = isStarted ? OarJobDraft.SortNodes(item.GetTexts("assigned_nodes")) : [],
            Vlans = resources is null ? null : isStarted ? ReadVlans(resources.Value) : [],
        };
    }

    /// <exception cref="G5kException"><c>NotForApi</c>: the API has no word for a part of the request.</exception>
    public static string Write(OarJobRequest request)
    {
        if (request.Alternatives.Count > 0 || request.ArrayCount > 0 || request.ArrayParameters.Count > 0 || request.After.Count > 0 || request.Hold
            || request.ScanScript
            || request.Checkpoint is not null)
        {
            throw new G5kException("NotForApi", ErrorKind.InvalidArgument,
                "The API submits single jobs only: no arrays, dependencies, alternatives, scripts with #OAR lines, or held jobs.",
                request.Name, "Submit it on the front-end: Submit-OarJob");
        }
        string walltime = request.Walltime is { } length && !request.HasOwnWalltime ? $",walltime={length}" : "";
        var json = new JsonObject { ["resources"] = request.Resources + walltime };
        Add("command", request.Command);
        Add("reservation", request.Start is { } start ? GridZone.Format(start) : null);
        Add("properties", request.Properties);
        if (request.Types.Count > 0) json["types"] = new JsonArray([.. request.Types.Select(t => JsonValue.Create(t))]);
        Add("name", request.Name);
        Add("project", request.Project);
        Add("queue", request.Queue);
        Add("directory", request.Directory);
        Add("stdout", request.StandardOutputFile);
        Add("stderr", request.StandardErrorFile);
        Add("notify", request.Notify);
        return json.ToJsonString(s_plain);

        void Add(string name, string? value)
        {
            if (value is not null) json[name] = value;
        }
    }

    /// <param name="item"><c>{walltime: "2:0:0", possible: "UNLIMITED", pending, granted, …}</c>.</param>
    public static OarWalltimeStatus ReadWalltime(string site, long jobId, JsonElement item)
    {
        TimeSpan? walltime = Duration("walltime"), possible = Duration("possible");
        return new OarWalltimeStatus(site, jobId)
        {
            Walltime = walltime,
            IsRunning = walltime > TimeSpan.Zero,
            PossibleIncrease = item.GetText("possible") == "UNLIMITED" ? TimeSpan.MaxValue : possible > TimeSpan.Zero ? possible : null,
            Granted = Duration("granted") ?? TimeSpan.Zero,
            Pending = Duration("pending") ?? TimeSpan.Zero,
        };

        TimeSpan? Duration(string name) => item.GetText(name) is { } text ? OarWalltimeReader.ReadDuration(text) : null;
    }

    static OarJobEvent ReadEvent(JsonElement item) =>
        new(item.GetDate("created_at") ?? DateTimeOffset.UnixEpoch, item.GetText("type") ?? "", item.GetText("description") ?? "");

    static int[] ReadVlans(JsonElement resources) =>
        [.. resources.GetTexts("vlans").Select(v => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0)];
}
