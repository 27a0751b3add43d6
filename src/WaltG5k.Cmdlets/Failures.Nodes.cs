using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k;

/// <summary>Failures of the cmdlets for nodes.</summary>
internal static partial class Failures
{
    public static G5kException NodeOperationFailed(NodeOperationResult result) =>
        new(result.Operation == "Reboot" ? "NodeRebootFailed" : "NodePowerFailed", ErrorKind.ResourceUnavailable,
        $"{result.Node}: {Words(result.Operation)} failed{(result.Attempts > 1 ? FormattableString.Invariant($" {result.Attempts} times") : "")}{(result.Step is null ? "" : $" in {result.Step}")}: {result.Reason ?? "no reason was given"}",
        result.Node, result is { Operation: "Reboot", Level: NodeLevel.Soft }
            ? $"Reset it by its management card: Restart-G5kNode {result.Node} -Level Hard; look at it: Enter-G5kConsole {result.Node}"
            : $"Look at it: Enter-G5kConsole {result.Node}; if it stays dead: https://www.grid5000.fr/status/");

    public static G5kException NodePowerUnknown(NodePower power) => new(nameof(NodePowerUnknown), ErrorKind.ResourceUnavailable,
        $"It is not known whether {power.Node} has power: {power.Reason}", power.Node,
        $"It must be of a running job of yours of the type deploy. Try again: Get-G5kNodePower {power.Node}");

    public static G5kException EnvironmentMissing() => new(nameof(EnvironmentMissing), ErrorKind.InvalidArgument,
        "A reboot into a recorded environment needs its name.", null, "Name what was deployed before: -EnvironmentName debian12-min");

    public static G5kException PxeProfileMissing() => new(nameof(PxeProfileMissing), ErrorKind.InvalidArgument,
        "A reboot with a PXE profile needs the profile.", null, "Name a file on the front-end: -PxeProfile ~/pxe.cfg");

    public static G5kException NoConsoleTerminal(string node) => new("NoTerminal", ErrorKind.InvalidOperation,
        $"The console of {node} needs a terminal, and there is none here.", node,
        $"Run a command instead: Invoke-G5kNodeCommand 'dmesg | tail' -Node {node}");

    public static G5kException ConsoleFailed(string node, int status) => new(nameof(ConsoleFailed), ErrorKind.ResourceUnavailable,
        FormattableString.Invariant($"The console of {node} ended with status {status}."), node,
        "It must be of a running job of yours of the type deploy, and nobody else may have its console: Get-OarJob");

    static string Words(string operation) => operation switch { "PowerOn" => "switching on", "PowerOff" => "switching off", _ => "the reboot" };
}
