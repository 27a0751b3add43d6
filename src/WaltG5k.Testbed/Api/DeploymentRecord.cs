using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Testbed.Kadeploy;

namespace WaltG5k.Testbed.Api;

/// <summary>What the API shows of a node.</summary>
/// <param name="State">In capitals: <c>OK</c>, <c>KO</c>, <c>REBOOT_IN_PROGRESS</c> …</param>
sealed record NodeOutcome(string Node, string State)
{
    public string? Macro { get; init; }
    public string? Micro { get; init; }
    public string? Error { get; init; }
}

/// <summary>A deployment that was asked for through the API, as it was when it was last looked at.</summary>
sealed class DeploymentRecord(SiteModel site, string id, string user, JsonElement request)
{
    public SiteModel Site => site;
    public string Id => id;
    /// <summary>Null: the testbed has been closed since, and Kadeploy knows it no longer.</summary>
    public Workflow? Workflow { get; init; }
    public string User => user;
    public string Status { get; set; } = "processing";
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; set; }
    /// <summary>Null: it was never looked at.</summary>
    public IReadOnlyList<NodeOutcome>? Result { get; set; }

    public void Write(Utf8JsonWriter json, ApiRequest from)
    {
        json.WriteStartObject();
        json.WriteString("uid", id);
        json.WriteString("site_uid", site.Name);
        json.WriteString("user_uid", user);
        json.WriteString("environment", request.GetProperty("environment").ToString());
        json.WriteString("status", Status);
        if (request.TryGetProperty("key", out JsonElement key)) json.WriteString("key", KeyAddress(site, user, key.ToString()));
        json.WriteTexts("nodes", request.GetProperty("nodes").EnumerateArray().Select(n => n.ToString()));
        if (Result is not null) WriteResult(json);
        if (request.TryGetProperty("vlan", out JsonElement vlan)) json.WritePropertyName("vlan");
        if (vlan.ValueKind != JsonValueKind.Undefined) vlan.WriteTo(json);
        foreach (string flag in (string[])["disable_disk_partitioning", "disable_bootloader_install", "ignore_nodes_deploying"])
            json.WriteBoolean(flag, request.TryGetProperty(flag, out JsonElement value) && value.ValueKind == JsonValueKind.True);
        json.WriteNumber("created_at", CreatedAt);
        json.WriteNumber("updated_at", UpdatedAt);
        json.WriteLinks(from, $"/sites/{site.Name}/deployments/{id}", $"/sites/{site.Name}");
        json.WriteEndObject();
    }

    public JsonObject Save() => new()
    {
        ["id"] = id, ["site"] = site.Name, ["user"] = user, ["request"] = JsonNode.Parse(request.GetRawText()), ["status"] = Status,
            ["created"] = CreatedAt, ["updated"] = UpdatedAt,
        ["result"] = Result is null ? null : JsonSerializer.SerializeToNode(Result),
    };

    public static DeploymentRecord Load(JsonNode saved, Func<string, SiteModel> findSite) =>
        new(findSite((string)saved["site"]!), (string)saved["id"]!, (string)saved["user"]!, JsonSerializer.SerializeToElement(saved["request"]))
        {
            Status = (string)saved["status"]!, CreatedAt = (long)saved["created"]!, UpdatedAt = (long)saved["updated"]!,
            Result = saved["result"].Deserialize<NodeOutcome[]>(),
        };

    void WriteResult(Utf8JsonWriter json)
    {
        json.WriteStartObject("result");
        foreach (NodeOutcome node in Result!)
        {
            json.WriteStartObject(node.Node);
            json.WriteString("macro", node.Macro);
            json.WriteString("micro", node.Micro);
            json.WriteString("state", node.State);
            if (node.Error is not null) json.WriteString("error", node.Error);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>The content of a key becomes a file of the API, named after its hash (the real one's is SHA-1, of the same length).</summary>
    public static string KeyAddress(SiteModel site, string user, string key) => key.StartsWith("http", StringComparison.Ordinal) ? key
        : $"https://api.grid5000.fr/stable/sites/{site.Name}/files/{user}-key-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 20))}";
}
