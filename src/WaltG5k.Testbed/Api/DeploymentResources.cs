using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;

namespace WaltG5k.Testbed.Api;

/// <summary>Deployments through the API: it asks Kadeploy in the user's name, and looks at it again only when it is touched.</summary>
sealed partial class DeploymentResources(TestbedWorld world, CancellationToken ended)
{
    const string CacheControl = "max-age=60, private", CannotLaunch = "Cannot launch deployment: ",
        NotValid = "The deployment you are trying to submit is not valid: ";
    const int DefaultLimit = 50, MaximalLimit = 500;

    /// <summary>What it hands on, under the names that kadeploy3 has for it.</summary>
    static readonly (string Field, string Option)[] s_options =
    [
        ("vlan", "--vlan"), ("version", "--env-version"), ("arch", "--env-arch"), ("partition_label", "-p"), ("block_device", "-b"), ("reformat_tmp",
            "-r"), ("key", "-k"),
    ];

    readonly List<DeploymentRecord> _records = [];

    public ApiAnswer GetAll(ApiRequest request, SiteModel site)
    {
        lock (world.Sync)
        {
            IEnumerable<DeploymentRecord> found = _records.Where(r => r.Site == site && Matches(request.Query["user"], r.User)
                && Matches(request.Query["status"], r.Status));
            DeploymentRecord[] all = [.. request.Query["reverse"] == "true" ? found : found.Reverse()];
            int offset = request.GetNumber("offset", 0), limit = Math.Min(request.GetNumber("limit", DefaultLimit), MaximalLimit);
            return ApiAnswer.Collection(request, json =>
                json.WriteCollection(request, $"/sites/{site.Name}/deployments", [.. all.Skip(offset).Take(limit)],
                record => record.Write(json, request), total: all.Length, offset: offset), CacheControl);
        }
    }

    public ApiAnswer Get(ApiRequest request, SiteModel site, string id)
    {
        lock (world.Sync) return Find(site, id) is { } record
            ? ApiAnswer.Item(request, json => record.Write(json, request), CacheControl)
            : NotFound(id);
    }

    public async Task<ApiAnswer> SubmitAsync(ApiRequest request, SiteModel site)
    {
        JsonElement body = request.ReadBody();
        // Documented, and not known to the program.
        foreach (string name in (string[])["reboot_classical_timeout", "reboot_kexec_timeout"])
            if (body.TryGetProperty(name, out _)) return ApiAnswer.Text(400, $"unknown attribute '{name}' for Grid5000::Deployment.");
        string[] nodes = body.TryGetProperty("nodes", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(n => n.ToString())]
            : [];
        if (nodes.Length == 0) return ApiAnswer.Text(400, NotValid + "Nodes can't be blank; Nodes must be a non-empty list of node FQDN");
        if (!body.TryGetProperty("environment", out JsonElement environment)) return ApiAnswer.Text(400, NotValid + "Environment can't be blank");
        string? stranger = nodes.FirstOrDefault(n => !world.TryFindNode(site.Name, n, out NodeModel? node) || node.Site != site.Name);
        if (stranger is not null) return ApiAnswer.Text(400,
            $"{CannotLaunch}Invalid node list -- Parameter 'nodes': The node '{stranger}' does not exist");
        string wanted = environment.ToString();
        List<string> arguments = ["--no-wait", wanted.Contains("://", StringComparison.Ordinal) ? "-a" : "-e", wanted,
            .. nodes.SelectMany(n => (string[])["-m", n])];
        foreach ((string field, string option) in s_options)
            if (body.TryGetProperty(field, out JsonElement value)) arguments.AddRange([option, field == "key" ? DeploymentRecord.KeyAddress(site,
                request.User!, value.ToString()) : value.ToString()]);
        foreach (string flag in (string[])["disable_disk_partitioning", "disable_bootloader_install"])
            if (body.TryGetProperty(flag, out JsonElement isSet) && isSet.ValueKind == JsonValueKind.True) arguments.Add("--" + flag.Replace('_',
                '-'));
        if (body.TryGetProperty("ignore_nodes_deploying", out JsonElement ignore) && ignore.ValueKind == JsonValueKind.True)
            arguments.Add("--no-force");
        (int status, string output) = await ServiceCommand.RunAsync(world, site.Name, request.User!, "kadeploy3", arguments, null, ended)
            .ConfigureAwait(false);
        if (status != 0) return Refuse(wanted, status, output);
        Workflow workflow = world.Kadeploy!.FindWorkflow(WorkflowId().Match(output).Value)!;
        long now = world.Time.GetUtcNow().ToUnixTimeSeconds();
        var record = new DeploymentRecord(site, workflow.Id, request.User!, body.Clone()) { Workflow = workflow, CreatedAt = now, UpdatedAt = now };
        lock (world.Sync) _records.Add(record);
        world.NotifyChanged();
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
            if (record.Workflow is { } workflow) world.Kadeploy!.Delete(workflow);
        }
        return ApiAnswer.Text(202, "").With("Location", request.Href($"/sites/{site.Name}/deployments/{id}"));
    }

    /// <summary>Kadeploy's log, each line for one reader only.</summary>
    public ApiAnswer ReadLog(SiteModel site, string id)
    {
        lock (world.Sync)
            return Find(site, id) is { } record ? ApiAnswer.Text(200, string.Concat(record.Workflow?.Unread.Take().Select(l => l + "\n") ?? []))
                : NotFound(id);
    }

    public JsonArray Save() => new([.. _records.Select(r => r.Save())]);

    public void Load(JsonArray saved) => _records.AddRange(saved.Select(r => DeploymentRecord.Load(r!, name => world.Sites[name])));

    void Refresh(DeploymentRecord record)
    {
        if (record.Status != "processing") return;
        record.UpdatedAt = world.Time.GetUtcNow().ToUnixTimeSeconds();
        if (world.Faults.Strikes(FaultNames.ApiDeploymentStuck, record.Site.Name)) return;
        if (record.Workflow is not { } workflow)
        {
            record.Status = "error";
            return;
        }
        record.Result =
        [
            .. workflow.Discarded.Select(n => new NodeOutcome(n.Name, "DISCARDED")),
            .. workflow.Nodes.Where(n => workflow.ProgressOf(n).State.Length > 0).Select(n => OutcomeOf(workflow.ProgressOf(n))),
        ];
        if (workflow.IsDone) record.Status = "terminated";
    }

    static NodeOutcome OutcomeOf(WorkflowNode node) => node.IsOk == true ? new NodeOutcome(node.Node.Name, "OK") : new NodeOutcome(node.Node.Name,
        node.IsOk == false ? "KO" : node.State.ToUpperInvariant())
    {
        Macro = Word(node.Macro), Micro = Word(node.Micro), Error = node.Error,
    };

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
