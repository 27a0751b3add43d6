using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Walt.Http;

/// <summary>A request that cannot be answered.</summary>
internal sealed class HttpErrorException(int status, string message) : Exception(message)
{
    public int Status => status;
}

/// <summary>The read-only interface <c>/api/v1</c> and the boot files.</summary>
internal static class WaltHttpApi
{
    const double OldestLog = 1_340_000_000;
    const double Future = 2;
    static readonly TimeSpan s_regexTimeout = TimeSpan.FromSeconds(1);

    static readonly string[] s_nodeFields = ["name", "model", "virtual", "image", "booted", "ip", "mac"];
    static readonly string[] s_imageFields = ["fullname", "user", "id", "in_use"];

    public static HttpAnswer Answer(WaltHost host, HttpQuery request, string? peerIp)
    {
        try
        {
            if (request.Method is not ("GET" or "HEAD")) throw new HttpErrorException(405, "Method not allowed.");
            lock (host.World.Sync)
            {
                return request.Path switch
                {
                    "/api/v1/nodes" => HttpAnswer.Json(GetNodes(host, request)),
                    "/api/v1/images" => HttpAnswer.Json(GetImages(host, request)),
                    "/api/v1/logs" => HttpAnswer.Json(GetLogs(host, request)),
                    _ when request.Path.StartsWith("/boot/", StringComparison.Ordinal) => HttpAnswer.File(GetBootFile(host, request, peerIp)),
                    _ => throw new HttpErrorException(404, $"Not found: '{request.Path}'"),
                };
            }
        }
        catch (HttpErrorException e)
        {
            return HttpAnswer.Error(request, e.Status, e.Message);
        }
    }

    static JsonObject GetNodes(WaltHost host, HttpQuery request)
    {
        IEnumerable<JsonObject> nodes = host.Devices.Nodes.Select(n => new JsonObject
        {
            ["name"] = n.Name,
            ["model"] = n.Model,
            ["virtual"] = n.IsVirtual,
            ["image"] = n.Image,
            ["booted"] = n.IsBooted,
            ["ip"] = n.Ip,
            ["mac"] = n.Mac,
            ["config"] = new JsonObject(WaltSettings.Of(n)
            .Select(s => KeyValuePair.Create(s.Key, (JsonNode?)(s.Value is bool b ? b : s.Value is int i ? i : (string)s.Value)))),
        });
        return Listing("nodes", Filter(nodes, request, s_nodeFields));
    }

    static JsonObject GetImages(WaltHost host, HttpQuery request)
    {
        IEnumerable<JsonObject> images = host.Images.All.Select(i => new JsonObject
        {
            ["fullname"] = i.FullName,
            ["user"] = i.User,
            ["id"] = i.Id,
            ["in_use"] = host.IsInUse(i),
            ["created"] = i.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            ["compatibility"] = new JsonArray([.. i.Models.Select(m => (JsonNode?)m)]),
        });
        return Listing("images", Filter(images, request, s_imageFields));
    }

    static JsonObject GetLogs(WaltHost host, HttpQuery request)
    {
        double unit = request["ts_unit"] switch
        {
            null or "s" => 1,
            "ms" => 1000,
            string other => throw new HttpErrorException(400, $"ts_unit: only 's' or 'ms' are allowed, not '{other}'."),
        };
        double now = Epoch(host.World.Time.GetUtcNow());
        double from = ReadTime(request, "from", unit, now), to = ReadTime(request, "to", unit, now);
        Regex? stream = request["stream"] is string pattern ? ParseStream(pattern) : null;
        JsonObject[] logs =
        [
            .. host.GetLogs(from, to).Where(l => (request["issuer"] is not string issuer || issuer == l.Issuer) && stream?.IsMatch(l.Stream) != false)
                .Select(l => new JsonObject { ["timestamp"] = l.Epoch * unit, ["line"] = l.Line, ["issuer"] = l.Issuer, ["stream"] = l.Stream }),
        ];
        return Listing("logs", logs);
    }

    static byte[] GetBootFile(WaltHost host, HttpQuery request, string? peerIp)
    {
        WaltDevice? device = (request["node_ip"] ?? peerIp) is string ip ? host.Devices.ByIp(ip) : null;
        return device is { IsNode: true } && host.GetBootFile(device, request.Path["/boot/".Length..]) is byte[] content
            ? content : throw new HttpErrorException(404, "No such file.");
    }

    static JsonObject Listing(string what, JsonObject[] items)
        => new() { ["num_" + what] = items.Length, [what] = new JsonArray([.. items]) };

    static JsonObject[] Filter(IEnumerable<JsonObject> items, HttpQuery request, string[] allowed)
    {
        List<(string Field, string Text, bool? Flag)> filters = [];
        foreach ((string field, string text) in request.Fields)
        {
            if (field == "refresh") continue;
            if (!allowed.Contains(field)) throw new HttpErrorException(400, $"'{field}' is not a valid filtering field.");
            if (text.Length == 0) continue;
            filters.Add((field, text, field is "virtual" or "booted" or "in_use" ? ReadFlag(text) : null));
        }
        return [.. items.Where(i => filters.All(f => f.Flag is bool flag
            ? i[f.Field]!.GetValue<bool>() == flag
            : i[f.Field]!.GetValue<string>() == f.Text))];
    }

    /// <summary>Values that are no strings are read as JSON.</summary>
    static bool ReadFlag(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new HttpErrorException(400, $"cannot interpret '{text}' as a 'bool'."),
    };

    static double ReadTime(HttpQuery request, string field, double unit, double now)
    {
        string text = request[field] ?? throw new HttpErrorException(400, $"Missing mandatory parameter: '{field}'.");
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            throw new HttpErrorException(400, $"cannot interpret '{text}' as a 'float'.");
        value /= unit;
        return value >= OldestLog && value <= now + Future
            ? value
            : throw new HttpErrorException(400, $"'{field}': the timestamp is out of bounds; check 'ts_unit'.");
    }

    /// <summary>The expression has to match a stream's whole name.</summary>
    static Regex ParseStream(string pattern)
    {
        try
        {
            return new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant, s_regexTimeout);
        }
        catch (ArgumentException)
        {
            throw new HttpErrorException(400, $"'{pattern}' is not a valid regular expression.");
        }
    }

    static double Epoch(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
