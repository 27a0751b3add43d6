using System.Text.RegularExpressions;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy.Environments;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>An environment that can be deployed.</summary>
/// <param name="User">Whose; empty for a description that is not registered.</param>
internal sealed record DeployEnvironment(string Name, long Version, string User)
{
    /// <summary>Its image, as the description names it.</summary>
    public string ImageFile { get; init; } = "";
    public IReadOnlyList<string> PostinstallFiles { get; init; } = [];
    /// <summary>What the image brings onto a disk, where it can be looked into.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}

/// <summary>Finds what a client names: a registered environment, or a description in a file or behind a URL.</summary>
internal static partial class DeployEnvironments
{
    /// <summary>A specification <c>NAME[@USER][:VERSION][%ARCH]</c>.</summary>
    public static EnvironmentLookup? Parse(CommandContext context, string specification, string? user, string? version, string? architecture = null)
    {
        Match match = Specification().Match(specification);
        if (!match.Success) return null;
        string? number = match.Groups["version"].Success ? match.Groups["version"].Value : version;
        if (number is not null && !long.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out _)) return null;
        return new EnvironmentLookup(context.User, match.Groups["name"].Value)
        {
            User = match.Groups["user"].Success ? match.Groups["user"].Value : user,
            Version = number is null ? null : long.Parse(number, System.Globalization.CultureInfo.InvariantCulture),
            Architecture = match.Groups["arch"].Success ? match.Groups["arch"].Value : architecture,
        };
    }

    /// <summary>The registered environment of that specification, with what its image brings.</summary>
    /// <exception cref="RequestException">1: there is none; 5: a file is gone, or is not what it was when the environment was registered.</exception>
    public static DeployEnvironment Find(CommandContext context, string specification, string? user = null, string? version = null,
        string? architecture = null)
    {
        EnvironmentRecord? record = FindRecord(context, specification, user, version, architecture) ?? throw RequestException.Environment();
        foreach ((string file, string checksum) in record.Checksums)
        {
            if (EnvironmentFiles.Checksum(context, file) != checksum)
                throw new RequestException(5, $"Invalid file -- Checksum of the file '{file}' does not match (an update is necessary)", true);
        }
        return ToEnvironment(context, record);
    }

    public static EnvironmentRecord? FindRecord(CommandContext context, string specification, string? user = null, string? version = null,
        string? architecture = null)
    {
        if (Parse(context, specification, user, version, architecture) is not { } lookup) return null;
        lock (context.World.Sync) return context.World.Environments.Find(context.Site, lookup) is [EnvironmentRecord first, ..] ? first : null;
    }

    /// <summary>
    /// An environment described in a file or behind a URL. Of one that lies out of reach no more is known than its name, which is that of the file.
    /// </summary>
    /// <exception cref="RequestException">5: the description or its image is not there; 7: it is refused.</exception>
    public static DeployEnvironment FromDescription(CommandContext context, string pathOrUrl)
    {
        if (ReadDescription(context, pathOrUrl) is { } fields) return ToEnvironment(context, new EnvironmentRecord(fields, ""));
        if (DescriptionUrl().Match(pathOrUrl) is not { Success: true } url) throw RequestException.File(pathOrUrl);
        return new DeployEnvironment(url.Groups["name"].Value, 1, "") { ImageFile = pathOrUrl[..^Path.GetExtension(pathOrUrl).Length] + ".tar.zst" };
    }

    /// <summary>The fields of a description, as the server keeps them; null for a URL out of reach.</summary>
    /// <exception cref="RequestException">5: it is not there; 7: it is refused.</exception>
    public static System.Text.Json.Nodes.JsonObject? ReadDescription(CommandContext context, string pathOrUrl)
    {
        bool isUrl = pathOrUrl.Contains("://", StringComparison.Ordinal);
        string? real = EnvironmentFiles.Locate(context, pathOrUrl);
        if (real is null && isUrl) return null;
        if (real is null || !File.Exists(real))
            throw isUrl ? new RequestException(5, $"Invalid file -- Unable to grab the file {pathOrUrl} (http error #404)", true)
                : RequestException.File(pathOrUrl);
        try
        {
            return DescriptionCheck.Accept(EnvironmentYaml.Read(File.ReadAllText(real)), context.World.HasOldKadeploy(context.Site));
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw RequestException.Client($"Invalid YAML file '{pathOrUrl}': {e.Message}");
        }
    }

    /// <summary>Whether the site has version 3.3 of Kadeploy.</summary>
    public static bool HasOldKadeploy(this TestbedWorld world, string site) => world.Faults.Strikes(FaultNames.KadeployOld, site);

    static DeployEnvironment ToEnvironment(CommandContext context, EnvironmentRecord record) => new(record.Name, record.Version, record.User)
    {
        ImageFile = record.ImageFile,
        PostinstallFiles = record.PostinstallFiles,
        Files = EnvironmentFiles.Fetch(context, record.ImageFile) is byte[] image ? ImageContent.Read(image) : new Dictionary<string, string>(),
    };

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9][A-Za-z0-9_.+\-]*)(@(?<user>[a-z0-9_.-]+))?(:(?<version>[0-9]+))?(%(?<arch>\w+))?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Specification();

    [GeneratedRegex(@"^https?://[^/]+/.*?(?<name>[^/]+)\.(yaml|yml|env|dsc)$", RegexOptions.ExplicitCapture)]
    private static partial Regex DescriptionUrl();
}
