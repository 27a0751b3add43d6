using System.Globalization;
using System.Text.Json;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Api;

/// <summary>Jobs that are submitted, deleted and changed through the API, which asks OAR in the user's name.</summary>
sealed class JobActions(TestbedWorld world, CancellationToken ended)
{
    const string NotValid = "The job you are trying to submit is not valid: ";

    /// <summary>The options of oarsub, by their names in the API.</summary>
    static readonly (string Name, string Option)[] s_options =
    [
        ("reservation", "--reservation="), ("properties", "--property="), ("name", "--name="), ("project", "--project="), ("queue", "--queue="),
            ("stdout", "--stdout="),
        ("stderr", "--stderr="), ("notify", "--notify="), ("import-job-key-from-file", "--import-job-key-from-file="),
    ];

    public async Task<ApiAnswer> SubmitAsync(ApiRequest request, SiteModel site)
    {
        JsonElement body = request.ReadBody();
        string? command = Text(body, "command"), reservation = Text(body, "reservation");
        if (command is null && reservation is null) return ApiAnswer.Text(400, NotValid + "you must give a :command to execute on launch");
        List<string> arguments = [];
        if (Text(body, "resources") is { } resources) arguments.AddRange(["-l", resources]);
        foreach ((string name, string option) in s_options)
            if (Text(body, name) is { } value) arguments.Add(option + value);
        if (body.TryGetProperty("types", out JsonElement types) && types.ValueKind == JsonValueKind.Array)
            foreach (JsonElement type in types.EnumerateArray()) arguments.AddRange(["-t", $"{type}"]);
        if (command is not null) arguments.Add(command);
        (int status, string output) = await ServiceCommand.RunAsync(world, site.Name, request.User!, "oarsub", arguments, Text(body, "directory"),
            ended).ConfigureAwait(false);
        string? line = output.Split('\n').FirstOrDefault(l => l.StartsWith("OAR_JOB_ID=", StringComparison.Ordinal));
        if (status != 0 || line is null) return ApiAnswer.Text(400, NotValid + output.Trim());
        string id = line["OAR_JOB_ID=".Length..];
        string path = $"/sites/{site.Name}/jobs/{id}";
        return (new JobResources(world).Get(request, site, id) ?? ApiAnswer.NoContent) with { Status = 201,
            Headers = new Dictionary<string, string> { ["Location"] = request.Href(path) } };
    }

    public async Task<ApiAnswer> DeleteAsync(ApiRequest request, SiteModel site, string id)
    {
        if (Refuse(request, site, id) is { } refusal) return refusal;
        await ServiceCommand.RunAsync(world, site.Name, request.User!, "oardel", [id], null, ended).ConfigureAwait(false);
        // Once more answers the same.
        return ApiAnswer.Text(202, "").With("Location", request.Href($"/sites/{site.Name}/jobs/{id}"))
            .With("X-Oar-Info", $"Deleting the job = {id} ...REGISTERED. The job(s) [ {id} ] will be deleted in a near future.");
    }

    public async Task<ApiAnswer> ChangeWalltimeAsync(ApiRequest request, SiteModel site, string id)
    {
        if (!request.ContentType.StartsWith("application/json", StringComparison.Ordinal)) return ApiAnswer.Text(415, "Content-Type not supported");
        if (Find(site, id) is null) return JobResources.NotFound(id);
        JsonElement body = request.ReadBody();
        List<string> arguments = [id, Text(body, "walltime") ?? ""];
        if (Flag(body, "force")) arguments.Insert(0, "-f");
        if (Flag(body, "delay_next_jobs")) arguments.Insert(0, "-d");
        (int status, string output) = await ServiceCommand.RunAsync(world, site.Name, request.User!, "oarwalltime", arguments, null, ended)
            .ConfigureAwait(false);
        // "Forbidden: job 1 does not belong to you." becomes a sentence of its own.
        string words = output.Split('\n')[0];
        words = words[(words.IndexOf(": ", StringComparison.Ordinal) + 1)..].Trim().TrimEnd('.');
        if (words.Length > 0) words = char.ToUpperInvariant(words[0]) + words[1..];
        if (status != 0) return ApiAnswer.Text(status == 3 ? 403 : 400, words);
        // JSON in the header, and plain text below.
        return ApiAnswer.Text(202, words) with
        {
            ContentType = "application/vnd.grid5000.item+json; charset=utf-8",
            Headers = new Dictionary<string, string> { ["Location"] = request.Href($"/sites/{site.Name}/jobs/{id}/walltime") },
        };
    }

    ApiAnswer? Refuse(ApiRequest request, SiteModel site, string id) =>
        Find(site, id) is not { } job ? JobResources.NotFound(id) : job.User != request.User ? ApiAnswer.NotAuthorized : null;

    JobModel? Find(SiteModel site, string id)
    {
        lock (world.Sync)
            return long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? world.Jobs.GetValueOrDefault((site.Name, number))
                : null;
    }

    static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
        ? $"{value}"
        : null;

    static bool Flag(JsonElement body, string name) => Text(body, name) is "True" or "true" or "yes" or "1";
}
