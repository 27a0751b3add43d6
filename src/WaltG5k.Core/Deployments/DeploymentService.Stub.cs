using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;

namespace WaltG5k.Core.Deployments;

public sealed partial class DeploymentService
{
    public partial Task<DeploymentPlan> PlanAsync(DeploymentRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<DeploymentRun> StartAsync(DeploymentPlan plan, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<DeploymentRun> ResumeAsync(string id, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial IReadOnlyList<DeploymentInfo> GetAll() => throw new NotImplementedException();
    public partial DeploymentInfo Get(string id) => throw new NotImplementedException();
    public partial DeploymentInfo? GetCurrent() => throw new NotImplementedException();
    public partial Task<DeploymentInfo> WaitAsync(string id, TimeSpan timeout, Action<DeploymentInfo>? onChange, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<DeploymentInfo> ReleaseAsync(string id, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial WaltServer OpenServer(DeploymentInfo deployment) => throw new NotImplementedException();
}
