using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Testbed.Kadeploy.Environments;

namespace WaltG5k.Testbed.Api;

/// <summary>The environments registered at a site, as the user sees them.</summary>
sealed class EnvironmentResources(TestbedWorld world)
{
    /// <param name="path">The words behind <c>environments</c>.</param>
    public ApiAnswer? Find(ApiRequest request, SiteModel site, string[] path) => path switch
    {
        [] => GetAll(request, site),
        [string id] => Get(request, site, id),
        _ => null,
    };

    ApiAnswer GetAll(ApiRequest request, SiteModel site)
    {
        lock (world.Sync)
        {
            EnvironmentRecord[] found = [.. world.Environments.List(site.Name, world.User, request.Query["user"],
                allVersions: !request.Asks("latest_only", true))
                .Where(e => Fits(request, "name", e.Name) && Fits(request, "arch", e.Architecture))];
            return ApiAnswer.Collection(request, json =>
                json.WriteCollection(request, PathOf(site), found, record => Write(json, request, site, record)));
        }
    }

    ApiAnswer Get(ApiRequest request, SiteModel site, string id)
    {
        lock (world.Sync)
        {
            EnvironmentRecord? record = world.Environments.At(site.Name)
                .FirstOrDefault(e => IdOf(e) == id && (e.User == world.User || e.Visibility != "private"));
            return record is null ? ApiAnswer.Text(404, $"Cannot find environment {id}")
                : ApiAnswer.Item(request, json => Write(json, request, site, record));
        }
    }

    static void Write(Utf8JsonWriter json, ApiRequest request, SiteModel site, EnvironmentRecord record)
    {
        json.WriteStartObject();
        foreach ((string name, JsonNode? value) in record.Fields)
        {
            json.WritePropertyName(name);
            if (value is null) json.WriteNullValue();
            else value.WriteTo(json);
        }
        json.WriteString("user", record.User);
        json.WriteString("uid", IdOf(record));
        json.WriteLinks(request, $"{PathOf(site)}/{IdOf(record)}", PathOf(site), parentIsCollection: true);
        json.WriteEndObject();
    }

    static bool Fits(ApiRequest request, string parameter, string value) => request.Query[parameter] is not { Length: > 0 } wanted || wanted == value;

    static string IdOf(EnvironmentRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{record.Name}_{record.Architecture}_{record.Version}_{record.User}");

    static string PathOf(SiteModel site) => $"/sites/{site.Name}/environments";
}
