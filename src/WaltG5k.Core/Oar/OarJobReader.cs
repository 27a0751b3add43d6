using System.Text;
using System.Text.Json;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>Reads the JSON of oarstat: keys in any order, unknown ones ignored, missing ones and nulls taken as "not known".</summary>
static class OarJobReader
{
    /// <summary>The jobs, in the order of their ids. Nothing printed means no job.</summary>
    /// <exception cref="G5kException"><c>OarOutputUnreadable</c>.</exception>
    public static IReadOnlyList<OarJob> Read(string site, string output)
    {
        using JsonDocument? document = FindObject(site, output);
        if (document is null) return [];
        var jobs = new List<OarJob>();
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Object) continue;
            if (property.Value.GetLong("Job_Id") is { } id || long.TryParse(property.Name, out id)) jobs.Add(ReadJob(site, id, property.Value));
        }
        jobs.Sort((a, b) => a.Id.CompareTo(b.Id));
        return jobs;
    }

    /// <summary>
    /// The first text that reads as an object. The user's shell start-up files and OAR's rules may print lines of any kind before it, braces included,
    /// and programs may add some after it.
    /// </summary>
    static JsonDocument? FindObject(string site, string output)
    {
        JsonException? failure = null;
        for (int start = output.IndexOf('{', StringComparison.Ordinal); start >= 0; start = output.IndexOf('{', start + 1))
        {
            bool beginsLine = output.AsSpan(0, start).TrimEnd(" \t") is var before && (before.IsEmpty || before[^1] == '\n');
            if (!beginsLine) continue;
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(output[start..]));
            try
            {
                return JsonDocument.ParseValue(ref reader);
            }
            catch (JsonException e)
            {
                failure ??= e;
                if (failure.LineNumber > 0) break; // it looked like JSON for a line and more: cut or garbled, not a stranger's line
            }
        }
        return failure is null ? null : throw new G5kException("OarOutputUnreadable", ErrorKind.InvalidData,
            $"The answer of oarstat at {site} cannot be read: {failure.Message}", site, $"Run on the front-end of {site}: oarstat -J -f", failure);
    }

    static OarJob ReadJob(string site, long id, JsonElement job) => new()
    {
        Site = site,
        Id = id,
        Name = job.GetText("name"),
        Owner = job.GetText("owner") ?? "",
        State = ReadState(job.GetText("state")),
        Queue = job.GetText("queue") ?? "",
        Command = job.GetText("command"),
        Types = job.GetTexts("types"),
        Message = job.GetText("message") ?? "",
        IsReservation = job.GetText("reservation") is { } reservation && reservation != "None",
        SubmittedAt = job.GetDate("submissionTime"),
        StartedAt = job.GetDate("startTime"),
        ScheduledAt = job.GetDate("scheduledStart"),
        StoppedAt = job.GetDate("stopTime"),
        Walltime = job.GetLong("walltime") is > 0 and { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        ExitCode = (int?)job.GetLong("exit_code"),
        Nodes = [.. job.GetTexts("assigned_network_address").Where(n => n.Length > 0).Order(NaturalComparer.Instance)],
        Events = ReadEvents(job),
        WantedResources = job.GetText("wanted_resources")?.Trim() ?? "",
    };

    /// <summary>OAR writes <c>toLaunch</c> and <c>Waiting</c>; its REST interface <c>waiting</c>.</summary>
    internal static OarJobState ReadState(string? text) =>
        text is { Length: > 0 } && char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out OarJobState state) ? state : OarJobState.Unknown;

    static OarJobEvent[] ReadEvents(JsonElement job)
    {
        if (!job.TryGetProperty("events", out JsonElement events) || events.ValueKind != JsonValueKind.Array) return [];
        // Mostly, but not always, printed in their order.
        return [.. events.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object)
            .OrderBy(e => e.GetLong("date") ?? 0).ThenBy(e => e.GetLong("event_id") ?? 0)
            .Select(e => new OarJobEvent(DateTimeOffset.FromUnixTimeSeconds(e.GetLong("date") ?? 0), e.GetText("type") ?? "", e.GetText("description") ?? ""))];
    }
}
