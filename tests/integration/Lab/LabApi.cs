using System.Net;
using System.Text.Json.Nodes;

namespace WaltG5k.IntegrationTests.Lab;

/// <summary>The part of Grid'5000's reference API that describes the laboratory: sites, clusters, nodes. It knows nothing of jobs.</summary>
sealed class LabApi : IAsyncDisposable
{
    readonly HttpListener _listener = new();
    readonly Task _serving;

    public LabApi(int port)
    {
        Uri = new Uri($"http://127.0.0.1:{port}/stable/");
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Uri { get; }

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // it was stopped
            }
            await AnswerAsync(context);
        }
    }

    static async Task AnswerAsync(HttpListenerContext context)
    {
        string path = context.Request.Url!.AbsolutePath;
        JsonObject? item = Find(path.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..]);
        HttpListenerResponse response = context.Response;
        response.StatusCode = item is null ? 404 : 200;
        response.ContentType = item is null ? "text/plain" : item["items"] is null
            ? "application/vnd.grid5000.item+json"
            : "application/vnd.grid5000.collection+json";
        byte[] body = System.Text.Encoding.UTF8.GetBytes(item?.ToJsonString() ?? $"Cannot find resource {path}");
        try
        {
            await response.OutputStream.WriteAsync(body);
            response.Close();
        }
        catch (HttpListenerException)
        {
            // The client did not wait.
        }
    }

    static JsonObject? Find(string[] path) => path switch
    {
        ["sites"] => Collection(LabSites.All.Select(Site)),
        ["sites", var site] => FindSite(site) is { } s ? Site(s) : null,
        ["sites", var site, "clusters"] => FindSite(site) is { } s ? Collection(s.Clusters.Select(Cluster)) : null,
        ["sites", var site, "clusters", var cluster] => FindCluster(site, cluster) is { } c ? Cluster(c) : null,
        ["sites", var site, "clusters", var cluster, "nodes"] =>
            FindCluster(site, cluster) is { } c ? Collection(Enumerable.Range(1, c.Nodes).Select(n => Node(site, c, n))) : null,
        ["sites", var site, "clusters", var cluster, "nodes", var node] =>
            FindCluster(site, cluster) is { } c ? Enumerable.Range(1, c.Nodes).Select(n => Node(site, c, n))
            .FirstOrDefault(n => (string?)n["uid"] == node) : null,
        _ => null,
    };

    static LabSite? FindSite(string name) => LabSites.All.FirstOrDefault(s => s.Name == name);

    static LabCluster? FindCluster(string site, string name) => FindSite(site)?.Clusters.FirstOrDefault(c => c.Name == name);

    static JsonObject Collection(IEnumerable<JsonNode> items)
    {
        JsonNode[] all = [.. items];
        return new JsonObject { ["total"] = all.Length, ["offset"] = 0, ["items"] = new JsonArray(all), ["links"] = new JsonArray() };
    }

    static JsonObject Site(LabSite site)
    {
        var vlans = new JsonObject { ["default"] = new JsonObject() };
        foreach (int number in Enumerable.Range(1, 9).Append(10 + site.Number)) vlans[$"{number}"] = new JsonObject();
        return new JsonObject { ["uid"] = site.Name, ["type"] = "site", ["name"] = site.Name, ["location"] = "Laboratory",
            ["frontend_ip"] = "127.0.0.1", ["kavlans"] = vlans };
    }

    static JsonObject Cluster(LabCluster cluster) => new()
    {
        ["uid"] = cluster.Name,
        ["type"] = "cluster",
        ["model"] = "Imaginary",
        ["queues"] = new JsonArray("admin", "default"),
        ["exotic"] = cluster.IsExotic,
        ["kavlan"] = true,
        ["boot_type"] = "bios",
        ["nodes_count"] = cluster.Nodes,
    };

    static JsonObject Node(string site, LabCluster cluster, int number)
    {
        string name = $"{cluster.Name}-{number}";
        return new JsonObject
        {
            ["uid"] = name,
            ["type"] = "node",
            ["architecture"] = new JsonObject { ["platform_type"] = "x86_64", ["nb_cores"] = cluster.Cores, ["nb_threads"] = 2 * cluster.Cores },
            ["main_memory"] = new JsonObject { ["ram_size"] = (long)cluster.Memory << 20 },
            ["exotic"] = cluster.IsExotic,
            ["supported_job_types"] = new JsonObject { ["deploy"] = true, ["besteffort"] = true, ["max_walltime"] = 0,
            ["queues"] = new JsonArray("admin", "default") },
            ["network_adapters"] = new JsonArray([.. Enumerable.Range(0, cluster.Adapters)
            .Select(i => Adapter(site, name, i, i < cluster.KavlanAdapters))]),
        };
    }

    static JsonObject Adapter(string site, string node, int index, bool hasKavlan) => new()
    {
        ["device"] = $"eth{index}",
        ["name"] = $"eno{index + 1}",
        ["interface"] = "Ethernet",
        ["enabled"] = true,
        ["mounted"] = index == 0,
        ["mountable"] = true,
        ["management"] = false,
        ["kavlan"] = hasKavlan,
        ["rate"] = 10_000_000_000,
        ["network_address"] = index == 0 ? $"{node}.{site}.grid5000.fr" : $"{node}-eth{index}.{site}.grid5000.fr",
    };

    public async ValueTask DisposeAsync()
    {
        if (_listener.IsListening) _listener.Stop();
        await _serving;
        _listener.Close();
    }
}
