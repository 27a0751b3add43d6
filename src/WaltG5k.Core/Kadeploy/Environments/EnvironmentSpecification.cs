using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Core.Kadeploy;

/// <summary>How a registered environment is named: <c>NAME[@USER][:VERSION][%ARCH]</c>, as Kadeploy 3.8 and later take it.</summary>
public sealed partial record EnvironmentSpecification(string Name)
{
    public string? User { get; init; }
    public long? Version { get; init; }
    public string? Architecture { get; init; }

    /// <exception cref="G5kException"><c>InvalidEnvironmentName</c>.</exception>
    public static EnvironmentSpecification Parse(string text) =>
        TryParse(text) ?? throw new G5kException("InvalidEnvironmentName", ErrorKind.InvalidArgument,
        $"'{text}' does not name an environment.", text,
        "Write NAME, NAME@USER, NAME:VERSION or NAME%ARCH, such as debian12-min@deploy:2026031109%x86_64. Those there are: Get-G5kEnvironment");

    public static EnvironmentSpecification? TryParse(string text)
    {
        if (Form().Match(text) is not { Success: true } match) return null;
        long? version = null;
        if (match.Groups["version"] is { Success: true } digits)
        {
            if (!long.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return null;
            version = number;
        }
        return new EnvironmentSpecification(match.Groups["name"].Value)
        {
            User = match.Groups["user"] is { Success: true } user ? user.Value : null,
            Version = version,
            Architecture = match.Groups["arch"] is { Success: true } arch ? arch.Value : null,
        };
    }

    public override string ToString() =>
        Name + (User is null ? "" : "@" + User) + (Version is { } version ? string.Create(CultureInfo.InvariantCulture, $":{version}") : "")
        + (Architecture is null ? "" : "%" + Architecture);

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9][\w.+-]*)(?:@(?<user>[\w.-]+))?(?::(?<version>[0-9]+))?(?:%(?<arch>\w+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
