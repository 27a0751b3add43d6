using System.Globalization;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>The configuration of Kadeploy's clients on a front-end: where the servers of all sites are, and which one is its own.</summary>
internal static class ClientConfiguration
{
    public const string Path = "/etc/kadeploy3/client.conf";

    public static string Write(string site, IEnumerable<string> sites) => $"---\ndefault: {site}\nservers:\n"
        + string.Concat(sites.Order(StringComparer.Ordinal).Select(s =>
        string.Create(CultureInfo.InvariantCulture,
            $"  - name: {s}\n    hostname: {KadeployRest.HostOf(s)}\n    port: {KadeployRest.Port}\n    secure: true\n")));
}
