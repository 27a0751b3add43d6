using WaltG5k.Base;
using WaltG5k.Core.Deployments;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Which deployment a cmdlet means.</summary>
internal static class DeploymentLookup
{
    /// <summary>Those given, or the one that is alive.</summary>
    /// <exception cref="Core.G5kException"><c>NoDeployment</c>.</exception>
    public static IReadOnlyList<string> GetIds(G5kCmdlet cmdlet, IReadOnlyList<DeploymentRef> references) =>
        references.Count > 0 ? [.. references.Select(r => r.Id).Distinct()] : [GetCurrent(cmdlet, []).Id];

    /// <summary>The first one given, or the one that is alive.</summary>
    public static DeploymentInfo GetCurrent(G5kCmdlet cmdlet, IReadOnlyList<DeploymentRef> references) => references.Count > 0
        ? cmdlet.Deployments.Get(references[0].Id)
        : cmdlet.Deployments.GetCurrent() ?? throw Failures.NoDeployment();
}
