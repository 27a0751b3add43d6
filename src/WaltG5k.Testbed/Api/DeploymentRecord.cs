using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WaltG5k.Testbed.Kadeploy;

namespace WaltG5k.Testbed.Api;

/// <summary>A deployment that was asked for through the API, as it was when it was last looked at.</summary>
sealed class DeploymentRecord(SiteModel site, Workflow workflow, string user, JsonElement request)
{
    public SiteModel Site => site;
    public Workflow Workflow => workflow;
    public string Id => workflow.Id;
    public string User => user;
    public string Status { get; set; } = "processing";
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; set; }
    /// <summary>Null: it was never looked at.</summary>
    public IReadOnlyList<(string Node, string? Macro, string? Micro, string State, string? Error)>? Result { get; set; }

    public void Write(Utf8JsonWriter json, ApiRequest from)
    {
        json.WriteStartObject();
        json.WriteString("uid", Id);
        json.WriteString("site_uid", site.Name);
        json.WriteString("user_uid", user);
        json.WriteString("environment", request.GetProperty("environment").ToString());
        json.WriteString("status", Status);
        if (request.TryGetProperty("key", out JsonElement key)) json.WriteString("key", KeyAddress(key.ToString()));
        json.WriteTexts("nodes", request.GetProperty("nodes").EnumerateArray().Select(n => n.ToString()));
        if (Result is not null) WriteResult(json);
        if (request.TryGetProperty("vlan", out JsonElement vlan)) json.WritePropertyName("vlan");
        if (vlan.ValueKind != JsonValueKind.Undefined) vlan.WriteTo(json);
        foreach (string flag in (string[])["disable_disk_partitioning", "disable_bootloader_install", "ignore_nodes_deploying"])
            json.WriteBoolean(flag, request.TryGetProperty(flag, out JsonElement value) && value.ValueKind == JsonValueKind.True);
        json.WriteNumber("created_at", CreatedAt);
        json.WriteNumber("updated_at", UpdatedAt);
        json.WriteLinks(from, $"/sites/{site.Name}/deployments/{Id}", $"/sites/{site.Name}");
        json.WriteEndObject();
    }

    void WriteResult(Utf8JsonWriter json)
    {
        json.WriteStartObject("result");
        foreach ((string node, string? macro, string? micro, string state, string? error) in Result!)
        {
            json.WriteStartObject(node);
            json.WriteString("macro", macro);
            json.WriteString("micro", micro);
            json.WriteString("state", state);
            if (error is not null) json.WriteString("error", error);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>The content of a key becomes a file of the API, named after its hash (the real one's is SHA-1, of the same length).</summary>
    string KeyAddress(string key) => key.StartsWith("http", StringComparison.Ordinal) ? key
        : $"https://api.grid5000.fr/stable/sites/{site.Name}/files/{user}-key-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 20))}";
}
