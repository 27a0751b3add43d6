using System.Text.Json;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;

namespace WaltG5k.Testbed.Api;

/// <summary>Deployments through the API: it asks Kadeploy in the user's name, and looks at it again only when it is touched.</summary>
sealed partial class DeploymentResources(TestbedWorld world, CancellationToken ended)
{
    const string CacheControl = "max-age=60, private", CannotLaunch = "Cannot launch deployment: ", NotValid = "The deployment you are trying to submit is not valid: ";
    const int DefaultLimit = 50, MaximalLimit = 500;

    readonly List<DeploymentRecord> _records = [];

    public ApiAnswer GetAll(ApiRequest request, SiteModel site)
    {
        lock (world.Sync)
        {
            IEnumerable<DeploymentRecord> found = _records.Where(r => r.Site == site && Matches(request.Query["user"], r.User) && Matches(request.Query["status"], r.Status));
            DeploymentRecord[] all = [.. request.Query["reverse"] == "true" ? found : found.Reverse()];
            int offset = request.GetNumber("offset", 0), limit = Math.Min(request.GetNumber("limit", DefaultLimit), MaximalLimit);
            return ApiAnswer.Collection(request, json => json.WriteCollection(request, $"/sites/{site.Name}/deployments", [.. all.Skip(offset).Take(limit)],
                record => record.Write(json, request), total: all.Length, offset: offset), CacheControl);
        }
    }

    public ApiAnswer Get(ApiRequest request, SiteModel site, string id)
    {
        lock (world.Sync) return Find(site, id) is { } record ? ApiAnswer.Item(request, json => record.Write(json, request), CacheControl) : NotFound(id);
    }

    public async Task<ApiAnswer> SubmitAsync(ApiRequest request, SiteModel site)
    {
        JsonElement body = request.ReadBody();
        // Documented, and not known to the program.
        foreach (string name in (string[])["reboot_classical_timeout", "reboot_kexec_timeout"])
            if (body.TryGetProperty(name, out _)) return ApiAnswer.Text(400, $"unknown attribute '{name}' for Grid5000::Deployment.");
        string[] nodes = body.TryGetProperty("nodes", out JsonElement list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(n => n.ToString())] : [];
        if (nodes.Length == 0) return ApiAnswer.Text(400, NotValid + "Nodes can't be blank; Nodes must be a non-empty list of node FQDN");
        if (!body.TryGetProperty("environment", out JsonElement environment)) return ApiAnswer.Text(400, NotValid + "Environment can't be blank");
        string? stranger = nodes.FirstOrDefault(n => !world.TryFindNode(site.Name, n, out NodeModel? node) || node.Site != site.Name);
        if (stranger is not null) return ApiAnswer.Text(400, $"{CannotLaunch}Invalid node list -- Parameter 'nodes': The node '{stranger}' does not exist");
        string wanted = environment.ToString();
        List<string> arguments = ["--no-wait", wanted.Contains("://", StringComparison.Ordinal) ? "-a" : "-e", wanted, .. nodes.SelectMany(n => (string[])["-m", n])];
        if (body.TryGetProperty("vlan", out JsonElement vlan)) arguments.AddRange(["--vlan", vlan.ToString()]);
        if (body.TryGetProperty("ignore_nodes_deploying", out JsonElement ignore) && ignore.ValueKind == JsonValueKind.True) arguments.Add("--no-force");
        (int status, string output) = await ServiceCommand.RunAsync(world, site.Name, request.User!, "kadeploy3", arguments, null, ended).ConfigureAwait(false);
        if (status != 0) return Refuse(wanted, status, output);
        Workflow workflow = world.Kadeploy!.FindWorkflow(WorkflowId().Match(output).Value)!;
        long now = world.Time.GetUtcNow().ToUnixTimeSeconds();
        var record = new DeploymentRecord(site, workflow, request.User!, body.Clone()) { CreatedAt = now, UpdatedAt = now };
        lock (world.Sync) _records.Add(record);
        return ApiAnswer.Item(request, json => record.Write(json, request)) with
        {
            Status = 201, Headers = new Dictionary<string, string> { ["Location"] = request.Href($"/sites/{site.Name}/deployments/{record.Id}") },
        };
    }

    /// <summary>Looks at Kadeploy. Anybody may ask for that.</summary>
    public ApiAnswer Touch(SiteModel site, string id)
    {
        lock (world.Sync)
        {
            if (Find(site, id) is not { } record) return NotFound(id);
            Refresh(record);
            return ApiAnswer.NoContent;
        }
    }

    public ApiAnswer Cancel(ApiRequest request, SiteModel site, string id)
    {
        DeploymentRecord? record;
        lock (world.Sync) record = Find(site, id);
        if (record is null) return NotFound(id);
        if (record.User != request.User) return ApiAnswer.NotAuthorized;
        if (record.Status == "processing")
        {
            record.Status = "canceled";
            world.Kadeploy!.Delete(record.Workflow);
        }
        return ApiAnswer.Text(202, "").With("Location", request.Href($"/sites/{site.Name}/deployments/{id}"));
    }

    /// <summary>Kadeploy's log, each line for one reader only.</summary>
    public ApiAnswer ReadLog(SiteModel site, string id)
    {
        lock (world.Sync)
            return Find(site, id) is { } record ? ApiAnswer.Text(200, string.Concat(record.Workflow.Unread.Take().Select(l => l + "\n"))) : NotFound(id);
    }

    void Refresh(DeploymentRecord record)
    {
        if (record.Status != "processing") return;
        record.UpdatedAt = world.Time.GetUtcNow().ToUnixTimeSeconds();
        if (world.Faults.Strikes(FaultNames.ApiDeploymentStuck, record.Site.Name)) return;
        Workflow workflow = record.Workflow;
        record.Result = [.. workflow.Nodes.Select(n => (n, Progress: workflow.ProgressOf(n))).Select(p => p.Progress.IsOk == true
            ? (p.n.Name, (string?)null, (string?)null, "OK", (string?)null)
            : (p.n.Name, Word(p.Progress.Macro), Word(p.Progress.Micro), p.Progress.IsOk == false ? "KO" : p.Progress.State.ToUpperInvariant(), p.Progress.Error))];
        if (workflow.IsDone) record.Status = "terminated";
    }

    static string? Word(string text) => text.Length > 0 ? text : null;

    /// <summary>Kadeploy's refusals: 400 with its words, 500 with the number of an error that the API does not know.</summary>
    static ApiAnswer Refuse(string environment, int status, string output)
    {
        string words = output.Split('\n')[0].Trim();
        if (words.StartsWith("Resource not found", StringComparison.Ordinal))
            return ApiAnswer.Text(400, $"{CannotLaunch}Invalid environment specification -- the environment {environment}, of root does not exist");
        return words.StartsWith("Invalid", StringComparison.Ordinal)
            ? ApiAnswer.Text(400, CannotLaunch + words)
            : ApiAnswer.Text(500, FormattableString.Invariant($"{CannotLaunch}Kadeploy error #{status}: {words}"));
    }

    DeploymentRecord? Find(SiteModel site, string id) => _records.Find(r => r.Site == site && r.Id == id);

    static ApiAnswer NotFound(string id) => ApiAnswer.Text(404, $"Couldn't find Grid5000::Deployment with ID={id}");

    static bool Matches(string? wanted, string value) => wanted is null || wanted == value;

    [GeneratedRegex("D-[0-9a-f-]{36}", RegexOptions.CultureInvariant)]
    private static partial Regex WorkflowId();
}
