using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k;

/// <summary>Failures of the cmdlets of Kadeploy.</summary>
internal static partial class Failures
{
    public static G5kException NodeNotDeployed(KadeployResult result) => new(nameof(NodeNotDeployed), result.Status switch
        {
            KadeployNodeStatus.TimedOut => ErrorKind.OperationTimeout,
            KadeployNodeStatus.Lost => ErrorKind.ConnectionError,
            KadeployNodeStatus.Refused => ErrorKind.PermissionDenied,
            KadeployNodeStatus.Discarded => ErrorKind.ResourceBusy,
            _ => ErrorKind.ResourceUnavailable,
        },
        $"{result.Node} was not deployed{(result.Step is null ? "" : $": it failed at {result.Step}")}"
            + FormattableString.Invariant($"{(result.Attempts > 1 ? $", {result.Attempts} times" : "")}: {result.Reason?.TrimEnd('.')}."),
        result, result.Recommendation);

    public static G5kException TooFewNodes(int good, int minimum, IReadOnlyList<KadeployResult> results) =>
        new(nameof(TooFewNodes), ErrorKind.LimitsExceeded,
        FormattableString.Invariant($"{good} nodes are ready, {minimum} are needed."),
        KadeployNodes.Fold(results.Where(r => !r.IsOk).Select(r => r.Node)),
        "Deploy those that failed again, give more nodes or -Spare, or be content with fewer: -MinNodes");

    public static G5kException TooFewNodesGiven(string site, int given, int wanted) => new(nameof(TooFewNodesGiven), ErrorKind.InvalidArgument,
        FormattableString.Invariant($"{wanted} nodes of {site} are to be deployed, and {given} were given."), site,
        "Lower -NodeCount, or give more nodes.");

    public static G5kException DeploymentScriptFailed(string script, string site, CommandResult result) =>
        new(nameof(DeploymentScriptFailed), ErrorKind.InvalidOperation,
        FormattableString.Invariant($"{script} ended with status {result.ExitStatus} on the front-end of {site}: {result.LastLines(3)}"), script,
        $"The nodes are deployed all the same. See what it printed with -Verbose, or run it again there: {result.Request.Arguments[^1]}");
}
