using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>An environment that can be deployed.</summary>
internal sealed record DeployEnvironment(string Name, int Version, string User, string Description, string Distribution = "debian", string DistributionVersion = "12");

/// <summary>The environments registered in Kadeploy; every site has the same.</summary>
internal static partial class EnvironmentCatalog
{
    const string Owner = "deploy";
    const int Release = 2026031109;

    static readonly string[] s_debianVariants = ["base", "big", "min", "nfs", "std", "xen"];
    static readonly string[] s_otherVariants = ["min", "nfs"];

    public static IReadOnlyList<DeployEnvironment> All { get; } =
    [
        .. Debian("11", "bullseye"), .. Debian("12", "bookworm"), .. Debian("13", "trixie"),
        .. Others("centos-stream9", "CentOS Stream 9"), .. Others("rocky9", "Rocky Linux 9"),
        .. Others("ubuntu2204", "Ubuntu 22.04 (jammy)"), .. Others("ubuntu2404", "Ubuntu 24.04 (noble)"),
    ];

    /// <summary>A specification <c>NAME[@USER][:VERSION][%ARCH]</c>.</summary>
    public static DeployEnvironment? Find(string specification, string? user = null, string? version = null)
    {
        Match match = Specification().Match(specification);
        if (!match.Success) return null;
        string name = match.Groups["name"].Value;
        user = match.Groups["user"].Success ? match.Groups["user"].Value : user;
        version = match.Groups["version"].Success ? match.Groups["version"].Value : version;
        // Aliases: debian12-x64-min is debian12-min, and debian12 is its smallest variant.
        name = name.Replace("-x64", "", StringComparison.Ordinal);
        return All.FirstOrDefault(e => (e.Name == name || e.Name == name + "-min")
            && (user is null || e.User == user)
            && (version is null || e.Version.ToString(CultureInfo.InvariantCulture) == version));
    }

    /// <summary>An environment described in a file: its name is that of the file where the content is out of reach.</summary>
    public static DeployEnvironment? FromDescription(string pathOrUrl, string? content)
    {
        string? name = content is null
            ? DescriptionUrl().Match(pathOrUrl) is { Success: true } url ? url.Groups["name"].Value : null
            : NameEntry().Match(content) is { Success: true } entry ? entry.Groups["name"].Value : null;
        return name is null ? null : new DeployEnvironment(name, 1, "", name);
    }

    static IEnumerable<DeployEnvironment> Debian(string version, string codeName)
        => from variant in s_debianVariants
           select new DeployEnvironment($"debian{version}-{variant}", Release, Owner, $"debian {version} ({codeName}) for x64 - {variant}", "debian", version);

    static IEnumerable<DeployEnvironment> Others(string name, string title)
        => from variant in s_otherVariants
           select new DeployEnvironment($"{name}-{variant}", Release, Owner, $"{title} for x64 - {variant}", name, "");

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9_.\-]+)(@(?<user>[a-z0-9]+))?(:(?<version>[0-9]+))?(%(?<arch>\w+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Specification();

    [GeneratedRegex(@"^https?://[^/]+/.*?(?<name>[^/]+)\.(yaml|yml|env|dsc)$", RegexOptions.ExplicitCapture)]
    private static partial Regex DescriptionUrl();

    [GeneratedRegex(@"^name\s*:\s*[""']?(?<name>[A-Za-z0-9_.\-]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex NameEntry();
}
