using System.Globalization;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;

namespace WaltG5k.Commands;

/// <summary>
/// What is said when all results are known. A refusal of a site is one error, not one for each node; a failed node is an error, or a warning where a
/// spare has taken its place or the minimum is reached all the same.
/// </summary>
internal sealed class DeploymentVerdict(NodeDeploymentRequest request, NodeDeploymentSummary summary)
{
    /// <summary>The minimum is reached; without one: some node is ready.</summary>
    public bool IsEnough => summary.Good.Count >= (request.MinNodes ?? 1);

    bool IsForgiven => request.MinNodes is not null && IsEnough;

    public void WriteTo(IOutput output)
    {
        var refused = new HashSet<string>(summary.Refusals.Select(r => r.Message), StringComparer.Ordinal);
        foreach (G5kException refusal in summary.Refusals) output.WriteError(Errors.From(refusal));
        var missing = summary.Missing.ToHashSet();
        bool IsTold(KadeployResult result) => result.Status == KadeployNodeStatus.Refused && refused.Contains(result.Reason ?? "");
        foreach (KadeployResult result in summary.Results.Where(r => !r.IsOk && r.Replaces is null && !IsTold(r)))
        {
            if (!missing.Contains(result)) output.Warning($"{Failures.NodeNotDeployed(result).Message} {result.ReplacedBy} has taken its place.");
            else if (IsForgiven) output.Warning(Failures.NodeNotDeployed(result).Message);
            else output.WriteError(Errors.From(Failures.NodeNotDeployed(result)));
        }
        if (request.MinNodes is { } minimum && !IsEnough)
            output.WriteError(Errors.From(Failures.TooFewNodes(summary.Good.Count, minimum, summary.Results)));
    }
}
