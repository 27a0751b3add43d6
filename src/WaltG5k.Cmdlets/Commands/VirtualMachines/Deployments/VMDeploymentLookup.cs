using WaltG5k.Base;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Which deployment of virtual machines a cmdlet means.</summary>
internal static class VMDeploymentLookup
{
    public static VMDeploymentService Open(G5kCmdlet cmdlet) => new(cmdlet.Grid, cmdlet);

    /// <summary>Those given, or the newest one, alive where that is asked.</summary>
    /// <exception cref="Core.G5kException"><c>NoDeployment</c>.</exception>
    public static IReadOnlyList<string> GetIds(G5kCmdlet cmdlet, IReadOnlyList<VMDeploymentRef> references, bool alive)
    {
        if (references.Count > 0) return [.. references.Select(r => r.Id).Distinct()];
        VMDeploymentInfo? newest = Open(cmdlet).GetAll().FirstOrDefault(d => !alive || d.IsAlive);
        return newest is null ? throw VMDeploymentFailures.NoDeployment() : [newest.Id];
    }
}
