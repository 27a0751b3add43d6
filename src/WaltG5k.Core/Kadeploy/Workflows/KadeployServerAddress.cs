using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Where the Kadeploy of a site serves its REST interface, as the configuration of its own clients tells.</summary>
/// <param name="Root">Such as <c>https://kadeploy.nancy.grid5000.fr:25300/</c>.</param>
/// <param name="UserHeader">The header that names the user: <c>X-Kadeploy-User</c>.</param>
sealed record KadeployServerAddress(Uri Root, string UserHeader)
{
    /// <summary>On each front-end: <c>default: NAME</c>, <c>servers: [{name, hostname, port, secure}]</c>.</summary>
    public const string ConfigurationFile = "/etc/kadeploy3/client.conf";

    const int DefaultPort = 25300;

    /// <summary>The default server of a configuration, or its only one; null when there is none in it.</summary>
    public static KadeployServerAddress? Read(string configuration)
    {
        var stream = new YamlStream();
        try { stream.Load(new StringReader(configuration)); }
        catch (YamlException) { return null; }
        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root || Find(root,
            "servers") is not YamlSequenceNode servers) return null;
        YamlMappingNode[] all = [.. servers.OfType<YamlMappingNode>().Where(s => Text(s, "hostname") is not null)];
        string? wanted = Text(root, "default");
        YamlMappingNode? server = all.FirstOrDefault(s => Text(s, "name") == wanted) ?? (all.Length == 1 ? all[0] : null);
        if (server is null) return null;
        string scheme = Text(server, "secure") is "false" or "no" ? "http" : "https";
        int port = int.TryParse(Text(server, "port"), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : DefaultPort;
        return Uri.TryCreate(FormattableString.Invariant($"{scheme}://{Text(server, "hostname")}:{port}/"), UriKind.Absolute, out Uri? address)
            ? new KadeployServerAddress(address, $"{Text(server, "auth_headers_prefix") ?? "X-Kadeploy-"}User")
            : null;
    }

    static YamlNode? Find(YamlMappingNode map, string key) => map.Children.FirstOrDefault(c => c.Key is YamlScalarNode { Value: { } name }
        && name == key).Value;

    static string? Text(YamlMappingNode map, string key) => Find(map, key) is YamlScalarNode { Value: { Length: > 0 } value } ? value : null;
}
