using WaltG5k.Core;
using WaltG5k.Core.Deployments;

namespace WaltG5k;

/// <summary>Failures that arise in the cmdlets themselves; the method's name is the code. Those of the work come from the core.</summary>
internal static partial class Failures
{
    public static G5kException NotConnected() => new(nameof(NotConnected), ErrorKind.ConnectionError,
        "Not connected; run Connect-G5k -Testbed (embedded testbed), Connect-G5k on a front-end, or Connect-G5k -Site nancy over ssh.", null,
        "Connect-G5k -Testbed");

    public static G5kException OneFrontendOnly(IReadOnlyList<string> sites) => new(nameof(OneFrontendOnly), ErrorKind.InvalidArgument,
        $"This machine is the front-end of one site, not of {string.Join(" and ", sites)}.", sites[1],
        $"Connect-G5k -Local -Site {sites[0]}; other sites are reached from there.");

    public static G5kException NoHomeDirectory() => new(nameof(NoHomeDirectory), ErrorKind.ObjectNotFound,
        "You have no home folder: recipes and deployments cannot be kept.", null, "Set HOME to a folder that you can write to.");

    public static G5kException DeploymentsRunning(IReadOnlyList<string> ids) => new(nameof(DeploymentsRunning), ErrorKind.ResourceBusy,
        $"This session is still deploying {string.Join(", ", ids)}.", ids[0],
        "Run: Wait-WaltDeployment, or add -Force: the deployment can be resumed later with Resume-WaltDeployment.");

    public static G5kException NameNotFound(string what, string name, string recommendation) => new($"{what}NotFound", ErrorKind.ObjectNotFound,
        $"There is no {what.ToLowerInvariant()} '{name}'.", name, recommendation);

    /// <summary>A command to find the right name, preceded by near misses if there are any.</summary>
    public static string Suggest(string command, string name, IEnumerable<string> known) =>
        Suggestions.Near(name, known) is { Count: > 0 } near ? $"Did you mean {string.Join(" or ", near)}? Otherwise run: {command}" : command;

    public static G5kException ReservationNotFound(string name) => new(nameof(ReservationNotFound), ErrorKind.ObjectNotFound,
        $"There is no reservation '{name}'.", name, "Get-G5kReservation");

    public static G5kException NoDeployment() => new(nameof(NoDeployment), ErrorKind.ObjectNotFound,
        "No WalT platform is deployed.", null, "New-WaltDeployment -Site nancy -Nodes 2 | Wait-WaltDeployment");

    /// <summary>A finding of a deployment as a failure, for the error stream.</summary>
    public static G5kException FromFinding(Finding finding) => new(finding.Code, ErrorKind.ResourceUnavailable,
        string.Join(' ', new[] { finding.Title, finding.Meaning, finding.Seen }.Where(t => t.Length > 0)),
        finding.Target.Length > 0 ? finding.Target : finding.DeploymentId,
        finding.Recommendation.Length > 0 ? finding.Recommendation : $"Get-WaltFinding {finding.DeploymentId} | Format-List");

    public static G5kException WaltNodeNotFound(string name) => new(nameof(WaltNodeNotFound), ErrorKind.ObjectNotFound,
        $"The WalT server knows no node '{name}'.", name, "Get-WaltNode");

    public static G5kException NothingToMeasure() => new(nameof(NothingToMeasure), ErrorKind.InvalidArgument,
        "Neither nodes nor boots of the past were given.", null, "Get-WaltNode | Measure-WaltBoot   or   Get-WaltBootHistory | Measure-WaltBoot");

    public static G5kException ImageInUse(Core.Walt.WaltImageInfo image) => new(nameof(ImageInUse), ErrorKind.ResourceBusy,
        $"The image '{image.Name}' is in use by {Internal._Format.Nodes(image.Nodes)}.", image.Name,
        $"Let them boot another one first: Invoke-WaltNodeBoot {string.Join(',', image.Nodes.Take(10))} -Image default");

    public static G5kException ImageShellFailed(string image, int status) => new(nameof(ImageShellFailed), ErrorKind.InvalidOperation,
        FormattableString.Invariant($"The shell in the image '{image}' ended with status {status}, and left no container that could be saved."),
        image, $"Run a command instead: Edit-WaltImage {image} -Command '…'");

    public static G5kException ImageCommandFailed(string image, Core.Frontends.CommandResult result) =>
        new(nameof(ImageCommandFailed), ErrorKind.InvalidOperation,
        FormattableString.Invariant(
        $"The command in the image '{image}' ended with status {result.ExitStatus}, and nothing was saved: {result.LastLines(2)}"), image,
        $"Try it step by step: Enter-WaltImage {image}");

    public static G5kException PathNotFound(string path) =>
        new(nameof(PathNotFound), ErrorKind.ObjectNotFound, $"There is no file or directory '{path}'.", path, "Look what is there: Get-ChildItem");

    public static G5kException NodeNotBooted(string name, TimeSpan timeout) => new(nameof(NodeNotBooted), ErrorKind.OperationTimeout,
        $"{name} had not booted after {Internal._Format.Text(timeout)}.", name, $"Invoke-WaltNodeBoot {name} -Method Hard -Wait");

    public static G5kException RecipeNameMissing() => new(nameof(RecipeNameMissing), ErrorKind.InvalidArgument,
        "A recipe needs a name, and there is no prompt to ask for one.", null, "New-WaltRecipe demo -Site nancy -Nodes 2");

    public static G5kException NoPrompt(Exception inner) => new(nameof(NoPrompt), ErrorKind.InvalidOperation,
        "There is nobody to ask: this host has no prompt.", null, "Give the recipe as parameters: New-WaltRecipe demo -Site nancy -Nodes 2", inner);

    public static G5kException SiteMissing() => new(nameof(SiteMissing), ErrorKind.InvalidArgument,
        "No site was given.", null, "Add -Site, such as: -Site nancy -Nodes 2");

    public static G5kException NotOnGrid5000(string site) => new(nameof(NotOnGrid5000), ErrorKind.InvalidOperation,
        "This session knows a WalT server, and no Grid'5000.", site, "Connect-G5k -Testbed, or Connect-G5k on a front-end");

    public static G5kException ServerSiteMissing(string host) => new(nameof(ServerSiteMissing), ErrorKind.InvalidArgument,
        $"The name '{host}' does not tell through which site's front-end it is reached.", host, $"Connect-WaltServer {host} -Site nancy");

    public static G5kException HoursConflict() => new(nameof(HoursConflict), ErrorKind.InvalidArgument,
        "-Night, -Weekend and -During exclude each other.", null, "Give one of them.");

    public static G5kException SlotHasNoRequest() => new(nameof(SlotHasNoRequest), ErrorKind.InvalidArgument,
        "That slot does not tell what to reserve.", null,
        "Use the slots that Find-G5kSlot writes: Find-G5kSlot -Site nancy -Nodes 2 | New-G5kReservation");

    public static G5kException LogLineMissing(string issuer, string pattern, TimeSpan timeout) =>
        new(nameof(LogLineMissing), ErrorKind.OperationTimeout,
        $"{issuer} had printed no line with '{pattern}' after {Internal._Format.Text(timeout)}.", issuer, $"Get-WaltLog {issuer} -Tail 20");

    public static G5kException WaltDeviceNotFound(string name, IEnumerable<string> known) => new(nameof(WaltDeviceNotFound), ErrorKind.ObjectNotFound,
        $"The WalT server knows no device '{name}'.", name, Suggest("Get-WaltDevice", name, known));

    public static G5kException DeviceNotForgettable(string name, string why, string recommendation) =>
        new(nameof(DeviceNotForgettable), ErrorKind.InvalidOperation,
        $"{name} cannot be forgotten: {why}.", name, recommendation);

    public static G5kException NodeOfAnother(string name) => new("NodeNotOwned", ErrorKind.PermissionDenied,
        $"Node {name} belongs to another user.", name, "Ask its owner, or add -Force if it is yours to change.");
}
