using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>Deployments from and to the API's JSON. Absent and null keys are the same.</summary>
static class ApiDeploymentReader
{
    static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ApiDeployment Read(string site, JsonElement item)
    {
        IReadOnlyList<string> nodes = item.GetTexts("nodes");
        return new ApiDeployment(item.GetText("site_uid") ?? site, item.GetText("uid") ?? "")
        {
            User = item.GetText("user_uid") ?? "",
            Environment = item.GetText("environment") ?? "",
            Status = ReadStatus(item.GetText("status")),
            Nodes = nodes,
            Results = item.GetObject("result") is { } result ? ReadResults(nodes, result) : [],
            Output = item.GetText("output") is { Length: > 0 } output ? output : null,
            Vlan = (int?)item.GetLong("vlan"),
            CreatedAt = item.GetDate("created_at"),
            UpdatedAt = item.GetDate("updated_at"),
        };
    }

    public static string Write(ApiDeploymentRequest request)
    {
        var json = new JsonObject
        {
            ["environment"] = request.Environment,
            ["nodes"] = new JsonArray([.. request.Nodes.Select(n => JsonValue.Create(n))]),
        };
        Add("arch", request.Architecture);
        Add("version", request.Version);
        Add("key", request.Key);
        Add("partition_label", request.PartitionLabel);
        Add("block_device", request.BlockDevice);
        Add("reformat_tmp", request.ReformatTmp);
        Add("disable_disk_partitioning", request.DisableDiskPartitioning ? true : null);
        Add("disable_bootloader_install", request.DisableBootloaderInstall ? true : null);
        Add("ignore_nodes_deploying", request.IgnoreNodesDeploying ? true : null);
        Add("vlan", request.Vlan);
        return json.ToJsonString(s_plain);

        void Add(string name, JsonNode? value)
        {
            if (value is not null) json[name] = value;
        }
    }

    public static string Word(ApiDeploymentStatus status) => status.ToString().ToLowerInvariant();

    static ApiDeploymentStatus ReadStatus(string? word) =>
        word is { Length: > 0 } && char.IsAsciiLetter(word[0]) && Enum.TryParse(word, ignoreCase: true, out ApiDeploymentStatus status)
        ? status
        : ApiDeploymentStatus.Unknown;

    static ApiDeploymentNode[] ReadResults(IReadOnlyList<string> nodes, JsonElement result)
    {
        var order = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (string node in nodes) order.TryAdd(node, order.Count);
        return [.. result.EnumerateObject().OrderBy(p => order.GetValueOrDefault(p.Name, int.MaxValue))
            .Select(p => new ApiDeploymentNode(p.Name, p.Value.GetText("state") ?? "")
        {
            MacroStep = p.Value.GetText("macro"),
            MicroStep = p.Value.GetText("micro"),
            Error = p.Value.GetText("error"),
        })];
    }
}
