using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k;

/// <summary>Failures of the cmdlets over environments.</summary>
internal static partial class Failures
{
    public static G5kException EnvironmentNotFound(string site, string name, IEnumerable<string> known) =>
        new(nameof(EnvironmentNotFound), ErrorKind.ObjectNotFound,
        $"{site} has no environment {name} that you could see.", name,
        $"{Suggest($"Get-G5kEnvironment -Site {site}", name, known)}. What others share is found with its owner only: -User OWNER");

    public static G5kException EnvironmentSiteMissing(string name) => new(nameof(EnvironmentSiteMissing), ErrorKind.InvalidArgument,
        $"At which sites? Each has its own environments, and {name} does not tell.", name,
        "Add -Site, such as -Site nancy, or -Site * for all of them.");

    public static G5kException OneEnvironmentOnly() => new(nameof(OneEnvironmentOnly), ErrorKind.InvalidArgument,
        "Several environments were given, and only one can be carried on.", null, "Give one -Environment.");

    public static G5kException NoDescription(object? value) => new(nameof(NoDescription), ErrorKind.InvalidArgument,
        $"'{value}' is no description of an environment.", value, "Give one from Get-, New- or Import-G5kEnvironment, or name a file with -Path.");

    public static G5kException DescriptionInvalid(string name, object target, IReadOnlyList<DescriptionFinding> errors) =>
        new(nameof(DescriptionInvalid), ErrorKind.InvalidData,
        $"{name} is no description that can be deployed: {string.Join(" ", errors)}", target,
        "Correct it, in any editor or with: Edit-G5kEnvironment -LiteralPath FILE -Editor");

    public static G5kException PostinstallArchiveMissing() => new(nameof(PostinstallArchiveMissing), ErrorKind.InvalidArgument,
        "A script after the installation comes in an archive, and none was given.", null,
        "Add -PostinstallArchive, such as server:///grid5000/postinstalls/g5k-postinstall.tgz");

    public static G5kException FileExists(string path) =>
        new(nameof(FileExists), ErrorKind.ResourceExists, $"{path} is there already.", path, "Add -Force to replace it.");

    public static G5kException ExportTwice(string name, string path) => new(nameof(ExportTwice), ErrorKind.InvalidArgument,
        $"{path} holds another description of this export already: {name} is left out.", name,
        "Name a folder, which gets a file for each environment.");

    public static G5kException NothingToSet() =>
        new(nameof(NothingToSet), ErrorKind.InvalidArgument, "Nothing was given that could be changed.", null,
        "Add -Visibility, -Destructive or -UpdateChecksum. All else belongs to a new version: Edit-G5kEnvironment | Register-G5kEnvironment -Force");

    public static G5kException OneG5kNodeOnly(IReadOnlyList<string> nodes) => new(nameof(OneG5kNodeOnly), ErrorKind.InvalidArgument,
        $"An image is made of one node, and {nodes.Count} were given.", nodes[1], $"Save-G5kNode {nodes[0]} NAME");

    public static G5kException DraftKept(string name, string draft, IReadOnlyList<DescriptionFinding> errors) =>
        new("DescriptionDraftKept", ErrorKind.InvalidData,
        $"{name} was left as it was: {string.Join(" ", errors)} What you have written is in {draft}", draft,
        $"Go on with it: Edit-G5kEnvironment -LiteralPath {draft} -Editor");

    public static G5kException EditorMissing(string draft) =>
        new(nameof(EditorMissing), ErrorKind.NotInstalled, "There is no editor: neither VISUAL nor EDITOR names one.", draft,
        "Set one, such as: $env:EDITOR = 'nano'");

    public static G5kException EditorFailed(string editor, int status, string draft) => new(nameof(EditorFailed), ErrorKind.InvalidOperation,
        FormattableString.Invariant($"{editor} ended with status {status}; nothing was changed. What it has written is in {draft}"), draft,
        "Check VISUAL and EDITOR.");
}
