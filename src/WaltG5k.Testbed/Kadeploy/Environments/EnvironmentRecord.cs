using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>An environment that is registered at a site.</summary>
/// <param name="fields">As Kadeploy's server keeps and shows them.</param>
/// <param name="user">Whose it is.</param>
internal sealed class EnvironmentRecord(JsonObject fields, string user)
{
    public JsonObject Fields => fields;
    public string User => user;
    public string Name => Text("name");
    public long Version => fields["version"]!.GetValue<long>();
    public string Architecture => fields["arch"]?.GetValue<string>() ?? "x86_64";
    public string? Alias => fields["alias"]?.GetValue<string>();
    public string Description => Text("description");
    public string Visibility
    {
        get => Text("visibility");
        set => fields["visibility"] = value;
    }

    public bool IsDestructive
    {
        get => fields["destructive"]!.GetValue<bool>();
        set => fields["destructive"] = value;
    }

    public string ImageFile => fields["image"]!["file"]!.GetValue<string>();
    public string? PreinstallFile => fields["preinstall"]?["archive"]?.GetValue<string>();
    public IReadOnlyList<string> PostinstallFiles =>
        fields["postinstalls"] is JsonArray list ? [.. list.Select(p => p!["archive"]!.GetValue<string>())] : [];

    /// <summary>MD5 by file, as it was when the environment was registered or its checksums were updated.</summary>
    public SortedDictionary<string, string> Checksums { get; } = new(StringComparer.Ordinal);

    string Text(string name) => fields[name]?.GetValue<string>() ?? "";
}
