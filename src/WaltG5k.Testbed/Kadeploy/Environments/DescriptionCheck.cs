using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>
/// What Kadeploy's server makes of a description: fields in its order, defaults put in, or a refusal in its words. Fields that it does not know are
/// passed over.
/// </summary>
internal sealed class DescriptionCheck
{
    static readonly string[] s_oldCompressions = ["gzip", "bzip2", "xz"], s_compressions = [.. s_oldCompressions, "zstd"];

    readonly string[] _archives;
    readonly bool _isOld;

    DescriptionCheck(bool isOld) => (_isOld, _archives) = (isOld, isOld ? s_oldCompressions : s_compressions);

    /// <param name="isOld">Version 3.3, which knows neither architectures nor zstd.</param>
    /// <exception cref="RequestException">7: the description is refused.</exception>
    public static JsonObject Accept(JsonNode? description, bool isOld) =>
        description is JsonObject fields ? new DescriptionCheck(isOld).Accept(fields) : throw Refuse("The field has to be a Hash", "");

    JsonObject Accept(JsonObject given)
    {
        JsonObject kept = new() { ["name"] = Text(given, "name", null), ["version"] = Number(given, "version", 1) };
        if (!_isOld)
        {
            kept["arch"] = Text(given, "arch", "x86_64", ["x86_64", "ppc64le", "aarch64"]);
            if (Text(given, "alias", "") is { Length: > 0 } alias) kept["alias"] = alias;
        }
        Keep(kept, "description", Text(given, "description", ""));
        Keep(kept, "author", Text(given, "author", ""));
        kept["visibility"] = Text(given, "visibility", "private", ["public", "private", "shared"]);
        kept["destructive"] = Flag(given, "destructive");
        string os = Text(given, "os", null, ["linux", "xen", "other"]);
        kept["os"] = os;
        JsonObject image = Image(given);
        kept["image"] = image;
        if (Hash(given, "preinstall") is { } preinstall) kept["preinstall"] = Install(preinstall, "preinstall/");
        if (List(given, "postinstalls") is { Count: > 0 } postinstalls)
            kept["postinstalls"] = new JsonArray([.. postinstalls.Select((p, i) =>
                (JsonNode?)Install(p as JsonObject ?? throw Refuse("The field has to be a Hash", $"postinstalls/{i}"), $"postinstalls/{i}/"))]);
        JsonObject boot = Boot(given);
        if (boot.Count > 0) kept["boot"] = boot;
        Keep(kept, "filesystem", Text(given, "filesystem", ""));
        kept["partition_type"] = Number(given, "partition_type", 0);
        kept["multipart"] = Flag(given, "multipart");
        foreach (string other in _isOld ? ["options"] : (string[])["options", "custom_variables"])
            if (Hash(given, other) is { } fields) kept[other] = fields.DeepClone();
        string kind = image["kind"]!.GetValue<string>();
        if (kind == "tar")
        {
            foreach ((string name, bool isThere) in new[] { ("kernel", boot.ContainsKey("kernel")), ("filesystem", kept.ContainsKey("filesystem")) })
                if (!isThere) throw new RequestException(7,
                    $"Invalid environment specification -- The field '{name}' is mandatory for OS {os} with the '{kind}' image kind", true);
        }
        return kept;
    }

    JsonObject Image(JsonObject given)
    {
        JsonObject image = Hash(given, "image") ?? throw Refuse("The field is mandatory", "image");
        return new JsonObject
        {
            ["file"] = Text(image, "file", null, null, "image/"), ["kind"] = Text(image, "kind", null, ["tar", "dd", "fsa"], "image/"),
            ["compression"] = Text(image, "compression", null, _archives, "image/"),
        };
    }

    JsonObject Install(JsonObject given, string path) => new()
    {
        ["archive"] = Text(given, "archive", null, null, path), ["compression"] = Text(given, "compression", null, _archives, path),
            ["script"] = Text(given, "script", "none", null, path),
    };

    static JsonObject Boot(JsonObject given)
    {
        JsonObject kept = [];
        if (Hash(given, "boot") is not { } boot) return kept;
        foreach (string name in (string[])["kernel", "initrd", "kernel_params", "hypervisor", "hypervisor_params", "block_device"])
            Keep(kept, name, Text(boot, name, "", null, "boot/"));
        if (boot["partition"] is not null) kept["partition"] = Number(boot, "partition", 0, "boot/");
        return kept;
    }

    static void Keep(JsonObject fields, string name, string value)
    {
        if (value.Length > 0) fields[name] = value;
    }

    static string Text(JsonObject fields, string name, string? otherwise, string[]? allowed = null, string path = "")
    {
        if (fields[name] is not { } node) return otherwise ?? throw Refuse("The field is mandatory", path + name);
        if (node.GetValueKind() != JsonValueKind.String) throw Refuse("The field should have the type String", path + name);
        string value = node.GetValue<string>();
        if (allowed is null || allowed.Contains(value)) return value;
        throw Refuse($"Invalid value '{value}', allowed values are: '{string.Join("', '", allowed[..^1])}' or '{allowed[^1]}'", path + name);
    }

    static long Number(JsonObject fields, string name, long otherwise, string path = "") => fields[name] switch
    {
        null => otherwise,
        var node when node.GetValueKind() == JsonValueKind.Number => node.GetValue<long>(),
        _ => throw Refuse("The field should have the type Fixnum", path + name),
    };

    static bool Flag(JsonObject fields, string name) => fields[name]?.GetValueKind() switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Refuse("The field should have the type [TrueClass,FalseClass]", name),
    };

    static JsonObject? Hash(JsonObject fields, string name) => fields[name] switch
    {
        null => null,
        JsonObject inner => inner,
        _ => throw Refuse("The field should have the type Hash", name),
    };

    static JsonArray? List(JsonObject fields, string name) => fields[name] switch
    {
        null => null,
        JsonArray list => list,
        _ => throw Refuse("The field should have the type Array", name),
    };

    static RequestException Refuse(string why, string field) =>
        new(7, $"Invalid environment specification -- Error[environment description] {why} [field: {field}]", true);
}
