using System.Globalization;
using System.Text.Json;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Commands;

namespace WaltG5k.Testbed.Oar.Rest;

/// <summary>What changes something: it runs OAR's commands in the user's name.</summary>
static class RestActions
{
    static readonly HashSet<int> s_userErrors = [4, 5, 6, 7, 8, 10, 16, 17];

    public static async Task<RestAnswer> SubmitAsync(RestCall call)
    {
        if (string.IsNullOrEmpty(call.User)) return Denied(call, "posting jobs");
        if (Parse(call.Body) is not { } body) return Fail(call, 400, "Malformed data", "The body is no JSON object");
        using (body)
        {
            (List<string> options, string? command, string? directory) = ReadSubmission(call, body.RootElement);
            if (command is null && !body.RootElement.TryGetProperty("reservation", out _))
            {
                return Fail(call, 400, "Missing Required Field", "A job must have a script, a command (script_path) or must be a reservation!");
            }
            string[] arguments = command is null ? [.. options] : [.. options, command];
            (int status, string output) = await RunAsync(call, "oarsub", arguments, directory).ConfigureAwait(false);
            if (status == 0) return Accepted(call, output);
            string shown = "oarsub  " + string.Join(' ', options.Select(Quote).Concat(command is null ? [] : [$"\\\"{command}\\\""]));
            bool isUserError = s_userErrors.Contains(status);
            return Fail(call, isUserError ? 400 : 500, isUserError ? "Bad query" : "Oar server error",
                string.Create(CultureInfo.InvariantCulture, $"Oarsub command exited with status {status}: {output}\nCmd:\n{shown}"));
        }
    }

    public static async Task<RestAnswer> DeleteAsync(RestCall call, string id)
    {
        if (string.IsNullOrEmpty(call.User)) return Denied(call, "deleting jobs");
        (int status, string output) = await RunAsync(call, "oardel", [id], null).ConfigureAwait(false);
        if (status != 0) return Refused(call, "Oardel", "oardel", id, status, output);
        return call.Server.Read(random => RestAnswer.Of(202, new Dictionary<string, object?>
        {
            ["id"] = id, ["status"] = "Delete request registered", ["oardel_output"] = output, ["api_timestamp"] = call.Now,
        }, random));
    }

    public static async Task<RestAnswer> ActAsync(RestCall call, string id)
    {
        if (string.IsNullOrEmpty(call.User)) return Denied(call, "modifying jobs");
        if (Parse(call.Body) is not { } body) return Fail(call, 400, "Malformed data", "The body is no JSON object");
        using (body)
        {
            string method = Text(body.RootElement, "method") ?? "";
            if (method == "walltime-change") return await ChangeWalltimeAsync(call, id, body.RootElement).ConfigureAwait(false);
            if (method == "signal" && !int.TryParse(Text(body.RootElement, "signal"), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return Fail(call, 400, "Invalid Field", "Signal field must be an integer");
            }
            return await ActAsync(call, id, method, Text(body.RootElement, "signal")).ConfigureAwait(false);
        }
    }

    public static Task<RestAnswer> ActByPathAsync(RestCall call, string id, string what, string? signal) => string.IsNullOrEmpty(call.User)
        ? Task.FromResult(Denied(call, "modifying jobs"))
        : ActAsync(call, id, what switch
        {
            "deletions" => "delete", "holds" => "hold", "rholds" => "rhold", "resumptions" => "resume", "checkpoints" => "checkpoint", "signals" =>
                "signal",
            "resubmissions" => "resubmit", _ => what,
        }, signal);

    static async Task<RestAnswer> ActAsync(RestCall call, string id, string method, string? signal)
    {
        (string Program, string[] Arguments, string Kind, string Done)? action = method switch
        {
            "delete" => ("oardel", [id], "Oar", "Delete request registered"),
            "checkpoint" => ("oardel", ["-c", id], "Oar", "Checkpoint request registered"),
            "signal" => ("oardel", ["-s", signal ?? "", id], "Oar", "Signal sending request registered"),
            "hold" => ("oarhold", [id], "Oar", "Hold request registered"),
            "rhold" => ("oarhold", ["-r", id], "Oar", "Hold request registered"),
            "resume" => ("oarresume", [id], "Oar", "Resume request registered"),
            "resubmit" => ("oarsub", ["--resubmit", id], "Oar", "Resubmit request registered"),
            _ => null,
        };
        if (action is not { } known) return Fail(call, 400, "Bad query", $"Could not understand {method} method");
        (int status, string output) = await RunAsync(call, known.Program, known.Arguments, null).ConfigureAwait(false);
        return status == 0 ? Done(call, id, known.Done, output)
            : Refused(call, known.Program == "oardel" ? "Oardel" : "Oar", known.Program, string.Join(' ', known.Arguments), status, output);
    }

    static async Task<RestAnswer> ChangeWalltimeAsync(RestCall call, string id, JsonElement body)
    {
        var arguments = new List<string> { id };
        if (Text(body, "walltime") is { } walltime) arguments.Add(walltime);
        if (IsYes(body, "force")) arguments.Insert(0, "-f");
        if (IsYes(body, "delay_next_jobs")) arguments.Insert(0, "-d");
        (int status, string output) = await RunAsync(call, "oarwalltime", [.. arguments], null).ConfigureAwait(false);
        // "Forbidden: job 1 does not belong to you." becomes a title and a sentence.
        string line = output.TrimEnd('\n').Split('\n')[0];
        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        string title = colon < 0 ? line.TrimEnd('.') : line[..colon], message = colon < 0 ? line : line[(colon + 2)..].TrimEnd('.');
        if (message.Length > 0) message = char.ToUpperInvariant(message[0]) + message[1..];
        return status == 0
            ? Done(call, id, title, message)
            : Fail(call, title switch { "Forbidden" => 403, "Not found" => 404, "Not available" => 405, _ => 400 }, title, message);
    }

    static RestAnswer Accepted(RestCall call, string output)
    {
        string line = output.Split('\n').First(l => l.StartsWith("OAR_JOB_ID=", StringComparison.Ordinal));
        long id = long.Parse(line["OAR_JOB_ID=".Length..], CultureInfo.InvariantCulture);
        string path = string.Create(CultureInfo.InvariantCulture, $"/oarapi/jobs/{id}");
        return call.Server.Read(random => RestAnswer.Of(201, new Dictionary<string, object?>
        {
            ["id"] = id, ["cmd_output"] = output, ["links"] = (object?[])[RestDocuments.Link("self", path)], ["api_timestamp"] = call.Now,
        }, random, location: path));
    }

    // In these answers the id is a text.
    static RestAnswer Done(RestCall call, string id, string status, string output) =>
        call.Server.Read(random => RestAnswer.Of(202, new Dictionary<string, object?>
    {
        ["id"] = id, ["status"] = status, ["cmd_output"] = output, ["links"] = (object?[])[RestDocuments.Link("self", $"/oarapi/jobs/{id}")],
            ["api_timestamp"] = call.Now,
    }, random));

    // The status is the one that wait() gives.
    static RestAnswer Refused(RestCall call, string name, string program, string arguments, int status, string output) =>
        Fail(call, 400, $"{name} error",
        string.Create(CultureInfo.InvariantCulture,
        $"{name} command exited with status {status << 8}: {output}. (Command was: /usr/lib/oar/oardodo/oardodo {program} {arguments})."));

    // The long names of oarsub's options, and a few of its own.
    static (List<string> Options, string? Command, string? Directory) ReadSubmission(RestCall call, JsonElement body)
    {
        var options = new List<string>();
        string? command = null, directory = null;
        foreach (JsonProperty field in body.EnumerateObject())
        {
            switch (field.Name)
            {
                case "command" or "script_path": command = AsText(field.Value); break;
                case "script": command = WriteScript(call, AsText(field.Value)); break;
                case "workdir" or "directory": directory = AsText(field.Value); break;
                case "param_file": options.Add("--array-param-file=" + AsText(field.Value)); break;
                default:
                    string name = field.Name == "resources" ? "resource" : field.Name;
                    IEnumerable<JsonElement> values = field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray() : [field.Value];
                    foreach (JsonElement value in values) options.Add(name is "hold" or "scanscript" or "interactive"
                        ? $"--{name}"
                        : $"--{name}={AsText(value)}");
                    break;
            }
        }
        return (options, command, directory);
    }

    static string WriteScript(RestCall call, string text)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"./oarapi.script.{call.Now}.sh");
        new SiteFiles(ServiceCommand.CreateContext(call.World, call.Server.Site, call.User!, [], null, _ => { }, call.Ended)).TryWrite(name, text);
        return name;
    }

    static Task<(int Status, string Output)> RunAsync(RestCall call, string program, string[] arguments, string? directory) =>
        ServiceCommand.RunAsync(call.World, call.Server.Site, call.User!, program, arguments, directory, call.Ended);

    static JsonDocument? Parse(string body)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string AsText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out JsonElement value) ? AsText(value) : null;
    static bool IsYes(JsonElement body, string name) => Text(body, name) is "1" or "true" or "yes" or "YES";
    static string Quote(string option) => option.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
        ? $"{option[..(equals + 1)]}\\\"{option[(equals + 1)..]}\\\"" : option;

    static RestAnswer Denied(RestCall call, string what) =>
        Fail(call, 401, "Permission denied", $"A suitable authentication must be done before {what}");
    static RestAnswer Fail(RestCall call, int status, string title, string message) =>
        call.Server.Read(random => RestAnswer.Error(status, title, message, random));
}
