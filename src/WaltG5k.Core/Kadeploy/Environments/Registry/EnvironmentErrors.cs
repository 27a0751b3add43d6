using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>What a status of kaenv3 other than 0 means. Low ones are ambiguous: the number in brackets on the last line decides.</summary>
static partial class EnvironmentErrors
{
    const int InvalidFile = 5, InvalidEnvironment = 7, ExistingElement = 10, NothingModified = 14;

    public static bool IsUnknownOption(CommandResult result) =>
        result.ExitStatus != 0 && result.Error.Contains("invalid option", StringComparison.Ordinal);

    /// <summary>An environment of that name and version is there already.</summary>
    public static bool IsExisting(CommandResult result) => Number(result) == ExistingElement;

    /// <summary>It was as it should become.</summary>
    public static bool IsUnchanged(CommandResult result) => Number(result) == NothingModified;

    public static bool IsUnknown(CommandResult result) =>
        result.ExitStatus != 0 && result.Error.Contains("Resource not found", StringComparison.Ordinal);

    /// <param name="target">The environment, as messages name it.</param>
    public static G5kException From(string site, CommandResult result, string target)
    {
        string said = Said(result);
        if (IsUnknown(result)) return NotFound(site, target);
        if (said.Contains("Forbidden", StringComparison.Ordinal))
        {
            return new G5kException("EnvironmentDenied", ErrorKind.PermissionDenied, $"Kadeploy at {site} does not let you change {target}: {said}",
                target,
                "Only your own environments can be changed, and only administrators make one public. Register a copy: Get-G5kEnvironment NAME | New-G5kEnvironment -Name mine | Register-G5kEnvironment");
        }
        return Number(result) switch
        {
            ExistingElement => new G5kException("EnvironmentExists", ErrorKind.ResourceExists, $"{target} is registered at {site} already.", target,
                "Add -Force, which registers it as the next version, or give another -Name or -Version."),
            InvalidEnvironment => new G5kException("EnvironmentInvalid", ErrorKind.InvalidData,
            $"Kadeploy at {site} refuses the description of {target}: {said}", target,
                "Correct it: Edit-G5kEnvironment; the description of another environment shows how: Get-G5kEnvironment debian12-min | Export-G5kEnvironment"),
            InvalidFile => new G5kException("EnvironmentFileMissing", ErrorKind.ObjectNotFound,
            $"Kadeploy at {site} cannot fetch a file of {target}: {said}", target,
                $"The file must be on the front-end of {site} under that path, or behind that URL: files in ~/public are http://public.{site}.grid5000.fr/~LOGIN/…"),
            NothingModified => new G5kException("EnvironmentUnchanged", ErrorKind.InvalidOperation,
            $"Kadeploy at {site} has changed nothing of {target}.", target, $"Get-G5kEnvironment {target} -Site {site}"),
            _ => new CommandFailedException("EnvironmentFailed", $"kaenv3 at {site} failed for {target}", result, target,
            $"Try it on the front-end of {site}: {result.Request}"),
        };
    }

    public static G5kException NotFound(string site, string target) =>
        new("EnvironmentNotFound", ErrorKind.ObjectNotFound, $"{site} has no environment {target} that you could see.", target,
        $"Those there are: Get-G5kEnvironment -Site {site}. What others share is shown with its owner only: -User OWNER");

    public static G5kException Invalid(EnvironmentDescription description, IEnumerable<DescriptionFinding> findings) =>
        new("EnvironmentInvalid", ErrorKind.InvalidData,
        $"The description of {description.Name} cannot be registered: {string.Join(" ", findings.Select(f => f.Message))}", description.Name,
        "Correct it with Edit-G5kEnvironment; Test-G5kEnvironment tells all there is to say about a description.");

    static int? Number(CommandResult result) =>
        result.ExitStatus != 0 && ApiError().Match(result.Error + "\n" + result.Output) is { Success: true } match
        ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    /// <summary>The tool's words, without the line that tells the number.</summary>
    static string Said(CommandResult result) => string.Join(' ', result.LastLines().Split('\n').Where(l => !l.StartsWith('[')));

    [GeneratedRegex(@"\[Kadeploy Error #([0-9]{1,5})\]", RegexOptions.CultureInvariant)]
    private static partial Regex ApiError();
}
