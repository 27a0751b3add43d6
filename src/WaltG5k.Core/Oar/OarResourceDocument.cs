using System.Globalization;
using System.Text.Json;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>
/// Reads a row of OAR's table of resources, as oarnodes and the REST interface write it: every column, those without a value as null.
/// </summary>
static class OarResourceDocument
{
    /// <summary>Columns of REST that are about the answer, not the resource.</summary>
    static readonly string[] s_others = ["links", "api_timestamp"];
    /// <summary>How some forms of oarnodes mark an absent node that only sleeps: <c>available_upto</c> says until when it can be started.</summary>
    const string Standby = "Absent (standby)";

    /// <summary>The row, or null when it has no id or is none: oarnodes prints null for an unknown id.</summary>
    public static OarResource? Read(string site, long? id, JsonElement row)
    {
        if ((row.GetLong("resource_id") ?? row.GetLong("id") ?? id) is not { } resourceId || row.ValueKind != JsonValueKind.Object) return null;
        string state = row.GetText("state") ?? "";
        bool isStandby = state == Standby || (state == "Absent" && row.GetLong("available_upto") is > 0);
        return new OarResource(site, resourceId)
        {
            Type = row.GetText("type") ?? "",
            Host = NullIfEmpty(row.GetText("network_address")) ?? NullIfEmpty(row.GetText("host")),
            State = state == Standby ? "Absent" : state,
            IsStandby = isStandby,
            Cluster = NullIfEmpty(row.GetText("cluster")),
            Vlan = int.TryParse(row.GetText("vlan"), NumberStyles.None, CultureInfo.InvariantCulture, out int vlan) ? vlan : null,
            Properties = ReadProperties(row),
        };
    }

    /// <summary>A resource of a job as REST describes it.</summary>
    public static OarJobResource ReadOfJob(JsonElement row)
    {
        Dictionary<string, string> properties = ReadProperties(row);
        return OarJobResource.From(properties);
    }

    static Dictionary<string, string> ReadProperties(JsonElement row)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        if (row.ValueKind != JsonValueKind.Object) return properties;
        foreach (JsonProperty column in row.EnumerateObject())
        {
            if (s_others.Contains(column.Name)) continue;
            string? value = column.Value.ValueKind switch
            {
                JsonValueKind.String => column.Value.GetString(),
                JsonValueKind.Number => column.Value.GetRawText(),
                _ => null,
            };
            if (value is not null) properties[column.Name] = value;
        }
        return properties;
    }

    static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
