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

    /// <summary>Those given, or the newest one whatever became of it: what went wrong is best looked at afterwards.</summary>
    /// <exception cref="Core.G5kException"><c>NoDeployment</c>.</exception>
    public static IReadOnlyList<string> GetIdsOrLast(G5kCmdlet cmdlet, IReadOnlyList<DeploymentRef> references) => references.Count > 0
        ? GetIds(cmdlet, references)
        : [(cmdlet.Deployments.GetAll() is [var newest, ..] ? newest : throw Failures.NoDeployment()).Id];

    /// <summary>The first one given, or the one that is alive.</summary>
    /// <exception cref="Core.G5kException"><c>NoDeployment</c>.</exception>
    public static DeploymentInfo GetCurrent(G5kCmdlet cmdlet, IReadOnlyList<DeploymentRef> references) => references.Count > 0
        ? cmdlet.Deployments.Get(references[0].Id)
        : cmdlet.Deployments.GetCurrent() ?? throw Failures.NoDeployment();
}
