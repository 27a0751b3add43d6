using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

public sealed partial class OarClient
{
    public partial Task<OarSubmission> SubmitAsync(OarJobRequest request, Action<long>? onJobId, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<OarJob?> GetJobAsync(long jobId, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlyList<OarJob>> FindJobsAsync(string user, string? name, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<IReadOnlyList<OarJobResource>> GetResourcesAsync(long jobId, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<bool> DeleteAsync(long jobId, CancellationToken cancellationToken) => throw new NotImplementedException();
    public partial Task<OarJob> WaitRunningAsync(long jobId, TimeSpan timeout, Action<OarJob>? onChange, CancellationToken cancellationToken) => throw new NotImplementedException();
    public static partial OarJobEnd GetEnd(OarJob job) => throw new NotImplementedException();
}
